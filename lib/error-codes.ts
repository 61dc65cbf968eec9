type CodeFacts = { status: number; meaning: string };

/**
 * Every code that a person or a program may be shown: stable, to be searched for and asked about. `status` is what the HTTP interfaces answer with
 * it. docs/api.md has the same table.
 */
export const errorCodes = {
  BAD_REQUEST: { status: 400, meaning: "The request is not what is expected: its parameters or the shape of its body" },
  SIGNED_OUT: { status: 401, meaning: "Nobody is signed in any more" },
  TOKEN_UNKNOWN: { status: 401, meaning: "No token, or one that is not known, has expired or was revoked" },
  FORBIDDEN: { status: 403, meaning: "A permission, or a scope of the token, is lacking" },
  FOREIGN_ORIGIN: { status: 403, meaning: "The request comes from a page of another site" },
  SETUP_LINK_OVER: { status: 403, meaning: "The link for the first administrator was used, or is too old" },
  NOT_FOUND: { status: 404, meaning: "What is asked for is not there, or not any more" },
  NOTHING_FOUND: { status: 404, meaning: "A search, or a span of time, has nothing in it" },
  OBJECT_GONE: { status: 409, meaning: "Somebody deleted what was being edited" },
  EDIT_CONFLICT: { status: 409, meaning: "Somebody changed the same object or the order meanwhile" },
  IN_USE: { status: 409, meaning: "Something else needs what would go or change its name" },
  UNCHANGED: { status: 409, meaning: "There is nothing to publish or to discard" },
  UNDO_TOO_LATE: { status: 409, meaning: "The edit was undone already, or is too old to be undone" },
  OWN_ACCOUNT: { status: 409, meaning: "Nobody removes their own account" },
  LAST_ADMINISTRATOR: { status: 409, meaning: "Somebody has to stay an administrator" },
  POLICY_ELSEWHERE: { status: 409, meaning: "The policy is kept in a repository and is edited there" },
  TESTS_FAILED: {
    status: 409,
    meaning: "Policy tests fail, so it is not published. A person may give a reason in the console, a program may not",
  },
  REVISION_UNSETTLED: {
    status: 409,
    meaning: "A revision is on trial or at its first workers; that has to be settled first",
  },
  REVISION_SETTLED: { status: 409, meaning: "The trial, or the roll-out, is over already" },
  DRAFT_CHANGED: { status: 412, meaning: "The draft is not the one that was looked at (`If-Match`)" },
  TOO_LARGE: { status: 413, meaning: "More than is taken at once: a request has at most 20 MiB" },
  INPUT_INVALID: { status: 422, meaning: "A field does not hold what it may" },
  POLICY_INVALID: {
    status: 422,
    meaning: "Not a policy that can be enforced: each problem with its place, or its line and column",
  },
  REF_MISSING: { status: 422, meaning: "It names something that the draft does not have, or not any more" },
  NAME_TAKEN: { status: 422, meaning: "Another object has this name" },
  LIMIT_REACHED: { status: 422, meaning: "There are as many as there may be" },
  WRONG_KIND: { status: 422, meaning: "The list holds another kind of entries" },
  NO_SENDER: { status: 422, meaning: "The message names no single sender" },
  FEED_UNUSABLE: { status: 422, meaning: "A feed gave nothing that could be used; the entries stay" },
  IF_MATCH_NEEDED: { status: 428, meaning: "No `If-Match`" },
  TOO_MANY_REQUESTS: {
    status: 429,
    meaning:
      "60 requests a minute for a token, 20 a minute without a valid one for an address; `Retry-After` says for how long to wait",
  },
  INTERNAL: { status: 500, meaning: "A fault of the console; its log has the reason" },
  WORKER_FAILED: { status: 503, meaning: "No worker answers, or it could not do what it was asked" },
  TOO_MANY_PAGES: { status: 503, meaning: "So many pages are open that this one does not refresh by itself" },
  NO_ANSWER: {
    status: 504,
    meaning: "Told by the browser: the console did not answer, so it is not known whether it was done",
  },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof errorCodes;

/** A message with its code, as people read it: at the end of the first line, which says what happened; the lines after it are details. */
export function withCode(message: string, code: ErrorCode): string {
  const [first = "", ...details] = message.split("\n");
  return [`${first} (${code})`, ...details].join("\n");
}
