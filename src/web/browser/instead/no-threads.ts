/** What `explore/workers.ts` is in Node.js, in a page: one thread is all there is, so none is ever started. */

export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

// biome-ignore lint/complexity/noStaticOnlyClass: it has the form of the class that it stands for
export class Workers {
  static start(): Promise<never> {
    return Promise.reject(new WorkerFailure('a page has one thread'));
  }
}
