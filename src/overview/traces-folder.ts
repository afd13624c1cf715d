/** Folder of the shipped traces. What is installed has them in one file, and another module in the place of this one. */
export const TRACES = new URL('../../traces/', import.meta.url);
