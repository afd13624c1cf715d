/** What `author/model-url.ts` is in a checkout, in the package: the specification is one of its programs. */
import type * as checkout from '../../author/model-url.ts';

const MODEL_URL = new URL('model.js', import.meta.url).href;

const IS_ONE_SCOPE = true;

export { IS_ONE_SCOPE, MODEL_URL };

({ IS_ONE_SCOPE, MODEL_URL }) satisfies typeof checkout;
