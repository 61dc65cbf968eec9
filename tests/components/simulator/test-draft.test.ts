import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftOf } from "#components/simulator/simulator-draft.ts";
import { draftOfTest, newTest, readTestDraft } from "#components/simulator/test-draft.ts";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { policyTestArbitrary } from "../../support/policy-test-arbitrary.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const input = {
  interface: "External",
  port: null,
  client: "192.0.2.7",
  helo: "client.example",
  tls: false,
  user: null,
  sender: "",
  recipients: ["bob@example.test"],
};
const trial = newTest({ ...draftOf(input, "given"), text: "Subject: a\n\nb" });

describe("the form of a policy test", () => {
  it(`gives back every test as it was, whatever became of the message when it was tried (seed ${seed})`, () => {
    fc.assert(
      fc.property(policyTestArbitrary(["External", "Trusted"]), (given) => {
        const test = policyTestSchema.parse({ name: "one", ...given });
        expect(readTestDraft(draftOfTest(test), "strip")).toEqual({ ok: true, value: test });
      }),
      { seed },
    );
  });

  it("is kept by a browser as JSON, with the file that was chosen", () => {
    const files = [{ name: "a.eml", bytes: 14, base64: btoa("Subject: ä\n\nb".replace("ä", "\u00c3\u00a4")) }];
    const kept: typeof trial = JSON.parse(JSON.stringify({ ...trial, name: "one", files }));
    expect(readTestDraft(kept, "deny")).toMatchObject({
      ok: true,
      value: { message: "Subject: ä\n\nb", must: { verdict: ["deny"] } },
    });
  });

  it("demands what the message was when it was tried, unless something else is chosen", () => {
    expect(readTestDraft({ ...trial, name: "one" }, "tempfail")).toMatchObject({
      value: { must: { verdict: ["tempfail"] } },
    });
    expect(readTestDraft({ ...trial, name: "one", verdict: "allow" }, "tempfail")).toMatchObject({
      value: { must: { verdict: ["allow"] } },
    });
  });

  it.each([
    ["what is kept of a past message", { message: "kept" as const }, /paste its source/],
    ["a file that is not UTF-8", { files: [{ name: "a.eml", bytes: 1, base64: btoa("\u00ff") }] }, /in UTF-8/],
    [
      "a file that is larger than any test, which is not read,",
      { files: [{ name: "a.eml", bytes: 1_048_576, base64: "no base64" }] },
      /up to 65536 characters; this one has 1048576 bytes/,
    ],
    [
      "a mailbox of several messages",
      { protocol: "pop3" as const, files: ["a", "b"].map((name) => ({ name, bytes: 1, base64: btoa("x") })) },
      /one message in the mailbox/,
    ],
    ["a message that is too long", { text: "x".repeat(65_537) }, /up to 65536 characters; this one has 65537/],
  ])("says why %s cannot be a test", (_, change, why) => {
    expect(readTestDraft({ ...trial, name: "one", ...change }, "allow")).toMatchObject({
      ok: false,
      problems: { message: expect.stringMatching(why) },
    });
  });
});
