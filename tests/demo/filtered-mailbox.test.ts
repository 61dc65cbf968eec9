import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { List, Pop3ProxyAction } from "#core/contract/policy-document.ts";
import { presets } from "#core/policy/presets/presets.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { fetchMessages, isNotice } from "#demo/fetch-messages.ts";
import { demoPassword, startDemoMailServer } from "#demo/mail-server.ts";
import { type SampleName, sampleMessage } from "#demo/samples.ts";
import { Pop3Gateway } from "../support/pop3-gateway.ts";

const outsider = "orders@shop.example";

/** What a client gets of these messages through a proxy action before the demo mail server, each as its lines. */
async function fetched(
  action: Pop3ProxyAction,
  lists: readonly List[],
  messages: readonly Buffer[],
): Promise<string[][]> {
  const server = await startDemoMailServer({ smtpPort: 0, pop3Port: 0 });
  onTestFinished(() => server.stop());
  for (const message of messages) server.mailboxes.deliver("alice@example.test", message);
  const { rulesets, limits, settings, content } = action;
  const gate = new Pop3Gateway({
    targets: [server.pop3Port],
    rulesets,
    limits,
    // The listener of this test has no TLS.
    settings: { ...settings, auth: { ...settings.auth, clearText: "where-no-tls" } },
    content,
    document: { lists },
  });
  onTestFinished(() => gate.close());
  const port = await gate.listen();
  const lines = await fetchMessages({
    host: "127.0.0.1",
    port,
    user: "alice",
    password: demoPassword,
    deleteAfter: false,
  });
  expect(gate.events.filter(({ kind }) => kind === "message")).toHaveLength(messages.length);
  return lines;
}

const sample = (name: SampleName, from = outsider) => sampleMessage(name, from, "alice@example.test");
const linesOf = (message: Buffer) => message.toString("latin1").split("\r\n").slice(0, -1);
const subjectOf = (lines: string[] = []) => lines.find((line) => line.startsWith("Subject:"));

describe("the demo policy", () => {
  const read = readPolicyDocument(readFileSync(new URL("../../demo/policy.yaml", import.meta.url), "utf8"));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { proxyActions, lists, policies } = read.document;
  const actions = proxyActions.flatMap((action) => (action.protocol === "pop3" ? [action] : []));

  test("speaks POP3 in both directions", () => {
    const directions = policies.flatMap(({ protocol, from, to }) =>
      protocol === "pop3" ? [`${from.interface} to ${to.interface}`] : [],
    );
    expect(directions).toEqual(["Trusted to External", "External to Trusted"]);
  });

  test.each(actions.map((action) => [action.name, action] as const))(
    "%s gives a clean message byte for byte and a notice for a program",
    async (_, action) => {
      const clean = sample("clean");
      const [first, second = []] = await fetched(action, lists, [clean, sample("executable")]);
      expect(first).toEqual(linesOf(clean));
      expect(isNotice(second)).toBe(true);
      expect(subjectOf(second)).toBe(subjectOf(linesOf(sample("executable"))));
    },
  );

  test("Mail fetch keeps documents with macros aside and marks what nobody asked for", async () => {
    const [action] = actions;
    if (action === undefined) throw new Error("no POP3 action");
    const [macro = [], lottery] = await fetched(action, lists, [
      sample("macro"),
      sample("clean", "winner@lottery.example"),
    ]);
    expect(isNotice(macro)).toBe(false);
    expect(macro.join("\n")).not.toContain("UEsDB");
    expect(subjectOf(lottery)).toMatch(/^Subject: \*\*\*SPAM\*\*\*/);
  });
});

describe("a POP3 preset before a real mailbox", () => {
  const mailboxes = presets.flatMap(({ id, action, requires }) =>
    action.protocol === "pop3"
      ? [[id, action, requires.map((list) => ({ ...list, entries: [...list.entries] }))] as const]
      : [],
  );

  test.each(mailboxes)(
    "%s gives a clean message byte for byte, and a mailbox to its end",
    async (id, action, requires) => {
      const lists = requires.map(({ name, kind, entries }) => ({ name, kind, entries }));
      const clean = sample("clean");
      const [first, second = [], third] = await fetched(action, lists, [clean, sample("executable"), clean]);
      expect(first).toEqual(linesOf(clean));
      expect(third).toEqual(linesOf(clean));
      const passes = id.includes("observe") || id.includes("pass");
      expect(second.join("\n").includes("TVoAAA")).toBe(passes);
      expect(subjectOf(second)).toBe(subjectOf(linesOf(sample("executable"))));
    },
  );
});
