import { type ReadForm, readForm, textOf } from "#components/ui/read-form.ts";
import type { Verdict } from "#core/contract/decision.ts";
import { type PolicyTest, policyTestSchema, testMessageMax } from "#core/contract/policy-test.ts";
import { draftOf, inputOf, type SimulatorDraft } from "./simulator-draft.ts";

/** A trial as typed, and what has to become of it once it is a policy test. */
export type TestDraft = SimulatorDraft & {
  name: string;
  /** When it is, ISO 8601; null: whenever it is run. */
  at: string | null;
  /** One or several, as verdictWords has them; empty: what it is now. */
  verdict: string;
  /** The rule that has to decide; null: whichever. */
  rule: string | null;
  /** What the client has to hear; empty: whatever. */
  reply: string;
};

/** A trial that is no policy test yet. */
export function newTest(trial: SimulatorDraft): TestDraft {
  return { ...trial, name: "", at: null, verdict: "", rule: null, reply: "" };
}

/** The form as a policy test had it. */
export function draftOfTest({ name, given, message, must }: PolicyTest): TestDraft {
  return {
    ...draftOf(given, message === undefined ? "none" : "given"),
    text: message ?? "",
    name,
    at: given.at ?? null,
    verdict: verdictWords(must.verdict),
    rule: must.rule ?? null,
    reply: must.reply ?? "",
  };
}

/** `deny or tempfail`. */
export function verdictWords(verdicts: readonly Verdict[]): string {
  return verdicts.join(" or ");
}

/** The policy test that the form makes. `fared`: what became of it when it was tried. */
export function readTestDraft(draft: TestDraft, fared: Verdict): ReadForm<PolicyTest> {
  const message = readMessage(draft);
  if (message.problem !== null) return { ok: false, problems: { message: message.problem } };
  return readForm(policyTestSchema, {
    name: draft.name.trim(),
    given: { ...inputOf(draft), at: draft.at ?? undefined },
    message: message.text,
    must: {
      verdict: draft.verdict === "" ? [fared] : draft.verdict.split(" or "),
      rule: draft.rule ?? undefined,
      reply: textOf(draft.reply),
    },
  });
}

type Message = { text: string | undefined; problem: string | null };

/** The source that goes into the test, undefined for the envelope alone; or a sentence where it cannot. */
function readMessage({ message, text, files, protocol }: SimulatorDraft): Message {
  const [file = null] = files;
  const no = (problem: string): Message => ({ text: undefined, problem });
  if (message === "none") return { text: undefined, problem: null };
  if (message === "kept" || message === "facts")
    return no("What is kept of a message does not go into a test: paste its source.");
  if (protocol === "pop3" && files.length > 1)
    return no("A test takes one message in the mailbox: choose the file that it is about.");
  if (file !== null && file.bytes > testMessageBytesMax) return no(tooLong(`${file.bytes} bytes`));
  const source = file === null ? text : textOfFile(file.base64);
  if (source === null) return no("Only a message in UTF-8 can be saved as a test.");
  if (source.length > testMessageMax) return no(tooLong(String(source.length)));
  return { text: source, problem: null };
}

/** More bytes are more characters than a test takes, whatever they are: they need not be read. */
const testMessageBytesMax = 3 * testMessageMax;

function tooLong(size: string): string {
  return `A test takes messages of up to ${testMessageMax} characters; this one has ${size}.`;
}

function textOfFile(base64: string): string | null {
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
