/** Where the specification is that runs, for files that import it as `ipsecha/model`. The package has another module for this. */
export const MODEL_URL = new URL(
  `../../model/index.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
).href;

/** Whether all modules of the specification, and all of the thread's, stand in one scope, and not each in its own. */
export const IS_ONE_SCOPE = false as boolean;
