import { expect, test, vi } from "vitest";
import { z } from "zod";
import { failure, invalid } from "#lib/action.ts";
import { PublicError } from "#lib/errors.ts";

test("a PublicError's words and fields reach the person, its cause only the log", () => {
  const said: unknown[] = [];
  vi.spyOn(console, "error").mockImplementation((...words) => said.push(...words));
  const error = new PublicError("EDIT_CONFLICT", "Somebody else changed it.", {
    fields: { name: ["taken"] },
    cause: "row 7",
  });
  expect(failure(error)).toEqual({
    ok: false,
    error: { code: "EDIT_CONFLICT", message: "Somebody else changed it. (EDIT_CONFLICT)", fields: { name: ["taken"] } },
  });
  expect(said).toContain("row 7");
});

test("any other error says nothing of itself to the person", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const answer = JSON.stringify(failure(new Error("connect postgresql://postern:secret@127.0.0.1")));
  expect(answer).not.toContain("secret");
  expect(answer).toContain('"code":"INTERNAL"');
});

test("input that does not parse names each field", () => {
  const schema = z.object({ name: z.string().min(1, "Enter a name."), limits: z.object({ bytes: z.number() }) });
  const { error } = schema.safeParse({ name: "", limits: { bytes: "x" } });
  expect(error && invalid(error).error).toMatchObject({
    code: "INPUT_INVALID",
    message: "Nothing was done: name: Enter a name. And 1 more. (INPUT_INVALID)",
    fields: { name: ["Enter a name."], "limits.bytes": [expect.any(String)] },
  });
});
