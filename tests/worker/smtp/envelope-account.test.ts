import { afterEach, expect, test } from "vitest";
import { FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

const others: FakeSmtpServer[] = [];

afterEach(async () => {
  await closeRigs();
  for (const other of others.splice(0)) await other.stop();
});

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

const aliases = { "all@a.test": ["u1@a.test", "u2@b.test", "gone@a.test"], "two@a.test": ["u1@a.test", "u3@a.test"] };

/** What a recipient becomes, told by the rules' words alone. */
function expected(address: string): string[] {
  if (address in aliases) return aliases[address as keyof typeof aliases];
  return address.endsWith("@old.test") ? [address.replace("@old.test", "@b.test")] : [address];
}

test.each(["strictest", "defer", "split"])(
  `%s: who heard 250 gets the message once, whoever did not gets nothing, and each at its own server (seed ${seed})`,
  async (mode) => {
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    let endings = 0;
    const answer = (line: string) =>
      line.includes("gone@") ? "550 5.1.1 no" : line.includes("later@") ? "450 4.2.1 later" : undefined;
    const answerBody = () => (++endings % 7 === 0 ? "554 5.6.0 no" : undefined);
    const other = await FakeSmtpServer.start({ answer, answerBody });
    others.push(other);
    const { gateway, upstream, connect } = await smtpRig(
      {
        settings: { recipientsDiffer: mode },
        routes: { second: { port: other.port, domain: "b.test" } },
        rulesets: {
          recipient: {
            rules: [
              { name: "aliases", when: { recipient: { in: Object.keys(aliases) } }, action: { rewrite: { aliases } } },
              { name: "moved", action: { rewrite: { domains: { "old.test": "b.test" } } } },
            ],
          },
          header: {
            rules: [
              {
                name: "not for u3",
                when: { headerName: { is: "x-secret" }, recipient: { is: "u3@a.test" } },
                action: "deny",
              },
            ],
          },
        },
      },
      { answer, answerBody },
    );
    const names = [
      "u1@a.test",
      "u2@a.test",
      "u3@a.test",
      "u1@b.test",
      "gone@a.test",
      "gone@b.test",
      "later@a.test",
      "x@old.test",
      "all@a.test",
      "two@a.test",
    ];
    for (let round = 0; round < 60; round++) {
      const client = await connect();
      await client.command("EHLO c.test");
      await client.command(`MAIL FROM:<s${round}@sender.test>`);
      const taken = new Set<string>();
      for (let n = 0; n < 1 + random() * 5; n++) {
        const address = pick(names);
        const said = await client.command(`RCPT TO:<${address}>`);
        if (said.startsWith("250")) for (const to of expected(address)) taken.add(to);
      }
      const opened = await client.command("DATA");
      const secret = random() < 0.3;
      let final = opened;
      if (opened.startsWith("354")) {
        client.send(`Subject: ${round}\r\n${secret ? "X-Secret: yes\r\n" : ""}\r\ntext\r\n.\r\n`);
        final = await client.reply();
      }
      client.close();
      const arrived = (server: FakeSmtpServer, domain: string) =>
        server.mails
          .filter(({ lines }) => lines[0]?.includes(`<s${round}@`))
          .flatMap(({ lines }) =>
            lines
              .slice(1)
              .filter((line) => answer(line) === undefined)
              .map((line) => /<(.*)>/.exec(line)?.[1] ?? ""),
          )
          .map((address) => {
            expect(address.endsWith("@b.test")).toBe(domain === "b.test");
            return address;
          });
      const queued = [...gateway.spool.ids()]
        .map((id) => gateway.spool.entry(id))
        .filter((entry) => entry?.sender === `s${round}@sender.test`)
        .flatMap((entry) => (entry?.recipients ?? []).map((address) => ({ address, entry })));
      for (const { address, entry } of queued) {
        expect(entry?.route).toBe(address.endsWith("@b.test") ? "second" : "inside");
        expect(entry?.state === "failed").toBe(mode !== "strictest" && secret && address === "u3@a.test");
      }
      const everywhere = [
        ...arrived(upstream, "a.test"),
        ...arrived(other, "b.test"),
        ...queued.map(({ address }) => address),
      ];
      expect(everywhere.sort(), `round ${round}: ${final}`).toEqual(final.startsWith("250") ? [...taken].sort() : []);
    }
    const told = gateway.messages.filter(({ outcome }) => outcome === "relayed" || outcome === "spooled");
    expect(told.length).toBeGreaterThan(5);
  },
);
