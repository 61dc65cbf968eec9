import { expect, test } from "vitest";
import { replyParts } from "#components/queue/reply-parts.ts";

test.each([
  ["450 4.3.2 Try again later", "450 4.3.2", "Try again later"],
  ["550 No such user", "550", "No such user"],
  ["127.0.0.1:25: connect ECONNREFUSED", null, "127.0.0.1:25: connect ECONNREFUSED"],
  ["451", null, "451"],
  ["", null, ""],
])("of %j the code is %j", (reply, code, text) => {
  expect(replyParts(reply)).toEqual({ code, text });
});
