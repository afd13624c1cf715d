/** What is used of the package, which has no types. */
declare module 'des.js' {
  interface Cipher {
    update(octets: readonly number[]): readonly number[];
    final(): readonly number[];
  }
  interface Kind {
    create(options: {
      readonly type: string;
      readonly padding: boolean;
      readonly key: readonly number[];
      readonly iv: readonly number[];
    }): Cipher;
  }
  const des: { readonly EDE: unknown; readonly CBC: { instantiate(block: unknown): Kind } };
  export default des;
}
