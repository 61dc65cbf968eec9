import { describe, expect, it } from "vitest";
import { actionEffect, actionErrors, actionFormOf, readAction } from "#components/rules/editor/action-form.ts";
import { type Action, actionSchema } from "#core/contract/action.ts";

const given: unknown[] = [
  "strip",
  { strip: { notice: "gone" } },
  { lock: { notice: "gone", days: 7 } },
  { "replace-part": { fileName: "note.txt", text: "%(filename)% is gone" } },
  { quarantine: { cause: "spam", days: 3 } },
  "quarantine",
  { hold: { days: 2 } },
  "discard",
  {
    modify: {
      tag: "[SPAM]",
      headers: [
        { do: "add", name: "X-Score", value: "%(score)%: high" },
        { do: "remove", name: "X-Old" },
      ],
      banner: { text: "From outside", html: "<b>From outside</b>", at: "bottom" },
    },
  },
];

function formOf(action: unknown) {
  return actionFormOf(actionSchema.parse(action));
}

describe("the fields of an action on content", () => {
  it.each(given)("give back %j", (action) => {
    const parsed: Action = actionSchema.parse(action);
    expect(readAction(actionFormOf(parsed))).toEqual(parsed);
  });

  it("ask for a confirmation before anything is discarded", () => {
    const form = { ...formOf("allow"), kind: "discard" as const };
    expect(readAction(form)).toBeNull();
    expect(Object.values(actionErrors(form)).join()).toMatch(/gone for good/);
    expect(readAction({ ...form, content: { ...form.content, confirmed: true } })).toEqual({ kind: "discard" });
  });

  it("say what is wrong with a line of header changes, and with what is missing", () => {
    const form = { ...formOf("allow"), kind: "modify" as const };
    const withHeaders = (headers: string) => actionErrors({ ...form, content: { ...form.content, headers } });
    expect(withHeaders("set X: y").headers).toMatch(/^Line 1: write add Name: value/);
    expect(withHeaders("add Content-Type: text/html").headers).toMatch(/cannot be changed by a rule/);
    expect(withHeaders("add X-A: %(nothing)%").headers).toMatch(/there is no such variable/);
    expect(readAction(form)).toBeNull();
  });

  it("tells of a refused POP3 command that the session goes on, and of no sender", () => {
    expect(actionEffect("pop3", "deny")).toBe("Refused with -ERR; the session goes on.");
    expect(actionEffect("smtp", "deny")).toMatch(/the sender is told/);
    expect(actionEffect("pop3", "replace")).toBe(actionEffect("smtp", "replace"));
  });
});
