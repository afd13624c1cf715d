/** The text of `docs/examples/own-revision-file.ts`, put in when the page is made (`../bundle.ts`). */
declare module 'ipsecha:example' {
  const text: string;
  export default text;
}
