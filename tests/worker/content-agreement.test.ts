import { afterEach, describe, expect, test } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { stuffed } from "../support/fake-pop3-server.ts";
import { generatedMessage } from "../support/generated-message.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const messages = 200;

/** The same rules for both; `stop` is what each calls a refusal. */
function rulesets(stop: "deny" | "replace") {
  return {
    header: {
      rules: [
        { name: "secret line", when: { headerName: { is: "X-Secret" } }, action: "strip" },
        { name: "boss", when: { headerName: { is: "From" }, headerValue: { like: "*boss@*" } }, action: stop },
      ],
    },
    attachment: {
      rules: [
        { name: "programs", when: { fileName: { like: "*.exe" } }, action: stop },
        { name: "screen savers", when: { fileName: { like: "*.scr" } }, action: "lock" },
        { name: "pages", when: { detectedType: { is: "text/html" } }, action: "strip" },
        { name: "invoices", when: { text: { like: "*invoice*" } }, action: "strip" },
        {
          name: "large",
          when: { partBytes: { over: 1500 } },
          action: { "replace-part": { fileName: "x.txt", text: "gone" } },
        },
      ],
    },
    message: {
      rules: [
        { name: "secret subject", when: { subject: { like: "*secret*" } }, action: "quarantine" },
        { name: "many", when: { attachmentCount: { over: 5 } }, action: stop },
        { name: "tag", when: { urlHost: { is: "example.test" } }, action: { modify: { tag: "[LINK]" } } },
      ],
    },
  };
}

const withoutIds = (text: string) => text.replaceAll(/(?:01TEST|ID)\d{20,24}(?:-\d+)?/g, "ID");
/** A multi-line answer without its status line and its end mark. */
const textOf = (answer: string) => answer.slice(answer.indexOf("\r\n") + 2, -3);
const withoutReceived = (mail: string) => mail.replace(/^Received:[^\r]*(?:\r\n\t[^\r]*)*\r\n/, "");

describe(`the same message through SMTP and through POP3 (POSTERN_SEED=${seed})`, () => {
  test(`gets the same decision and the same bytes, each time that it is fetched: ${messages} generated messages`, {
    timeout: 120_000,
  }, async () => {
    const random = seededRandom(seed);
    const all = Array.from({ length: messages }, () => generatedMessage(random));
    const { upstream, gateway, client } = await smtpRig({
      rulesets: rulesets("deny"),
      limits: { errorsMax: 1000, errorsSoftMax: 1000 },
    });
    const pop3 = await startPop3({ messages: all }, { rulesets: rulesets("replace") });
    await pop3.client.login();
    const verdicts = new Set<string>();
    const shown: string[] = [];
    for (const [index, message] of all.entries()) {
      const before = upstream.mails.length;
      await client.mail(stuffed(message), { hello: index === 0 });
      const fetched = await pop3.client.answer(`RETR ${index + 1}`);
      shown.push(withoutIds(textOf(fetched)));
      const smtp = gateway.messages[index];
      const mailbox = messageEventSchema.parse(pop3.gate.events[index]);
      const where = `message ${index}: ${JSON.stringify(message)}`;
      const told = (event: typeof mailbox | undefined) => ({
        ruleName: event?.decision.ruleName,
        stage: event?.decision.ruleName === null ? null : event?.decision.stage,
        stripped: event?.decision.verdict === "strip",
        changes: event?.content?.changes.map(({ what, part, ruleName }) => withoutIds(`${what} ${part} ${ruleName}`)),
        attachments: event?.attachments,
        kept: event?.content?.quarantined.length,
      });
      expect({ where, ...told(mailbox) }).toEqual({ where, ...told(smtp) });
      verdicts.add(smtp?.decision.verdict ?? "");
      const sent = upstream.mails[before]?.body;
      if (sent !== undefined) {
        const body = withoutIds(textOf(fetched));
        expect(`${where}\n${body}`).toBe(`${where}\n${withoutIds(withoutReceived(sent))}`);
      }
    }
    for (const [index, text] of shown.entries()) {
      const where = `message ${index}: ${JSON.stringify(all[index])}`;
      const [again, top] = [`RETR ${index + 1}`, `TOP ${index + 1} 1000000`];
      for (const command of [again, top]) {
        const answer = withoutIds(textOf(await pop3.client.answer(command)));
        expect(`${command} ${where}\n${answer}`).toBe(`${command} ${where}\n${text}`);
      }
    }
    expect([...verdicts].sort()).toEqual(["allow", "deny", "quarantine", "strip"]);
  });
});
