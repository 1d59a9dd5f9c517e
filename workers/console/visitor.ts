// Who asks for a page that is not public, as the guard has judged it. A shape only; `access.entry.ts` makes it, pages read it.

/** 401: another token would do. 403: none would. 503: nobody can tell now, later perhaps. `reason` is for the page and for whoever configures; never holds the token. */
export type Visitor =
  | { readonly ok: true; readonly who: string }
  | { readonly ok: false; readonly status: 401 | 403 | 503; readonly reason: string };
