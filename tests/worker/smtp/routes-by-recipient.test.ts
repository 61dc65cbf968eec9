import { afterEach, describe, expect, test } from "vitest";
import { type ExchangerLookup } from "#worker/upstream/smtp-pool.ts";
import { UpstreamError } from "#worker/upstream/upstream-error.ts";
import { entries, envelope, send } from "../../support/envelope-steps.ts";
import { FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import type { GatewayOptions } from "../../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

const others: FakeSmtpServer[] = [];

afterEach(async () => {
  await closeRigs();
  for (const other of others.splice(0)) await other.stop();
});

async function otherServer(): Promise<FakeSmtpServer> {
  const other = await FakeSmtpServer.start();
  others.push(other);
  return other;
}

const body = "Subject: hello\r\n\r\nHello\r\n";

describe("routes by recipient domain", () => {
  test("take a recipient to its own server; the event names the route", async () => {
    const other = await otherServer();
    const { client, gateway, upstream } = await smtpRig({
      routes: { second: { port: other.port, domain: "second.test" } },
    });
    expect(await client.mail(body, { recipients: ["a@SECOND.test"] })).toMatch(/^250/);
    expect(await client.mail(body, { recipients: ["a@inside.test"], hello: false })).toMatch(/^250/);
    expect(other.mails.map(({ lines }) => lines[1])).toEqual(["RCPT TO:<a@SECOND.test>"]);
    expect(upstream.mails.map(({ lines }) => lines[1])).toEqual(["RCPT TO:<a@inside.test>"]);
    expect(gateway.messages.map(({ route }) => route)).toEqual(["second", "inside"]);
  });
  test("look at the new address where a rule changed it", async () => {
    const other = await otherServer();
    const rules = [{ name: "moved", action: { rewrite: { domains: { "inside.test": "second.test" } } } }];
    const { client, upstream } = await smtpRig({
      rulesets: { recipient: { rules } },
      routes: { second: { port: other.port, domain: "second.test" } },
    });
    expect(await client.mail(body, { recipients: ["a@inside.test"] })).toMatch(/^250/);
    expect(other.mails).toHaveLength(1);
    expect(upstream.mails).toEqual([]);
  });
  test.each(["strictest", "defer"])(
    "%s: a recipient of another route hears 452 4.5.3 and comes again",
    async (mode) => {
      const other = await otherServer();
      const { client, gateway, upstream } = await smtpRig({
        settings: { recipientsDiffer: mode },
        routes: { second: { port: other.port, domain: "second.test" } },
      });
      expect(await envelope(client, ["a@inside.test", "b@second.test", "c@inside.test"])).toEqual([
        "250 2.1.5",
        "452 4.5.3",
        "250 2.1.5",
      ]);
      expect(await send(client, body)).toBe("250 2.0.0 queued");
      expect(upstream.mails.map(({ lines }) => lines.length)).toEqual([3]);
      expect(other.connections).toBe(0);
      expect(gateway.messages).toMatchObject([
        {
          outcome: "relayed",
          cause: 'recipientsDiffer: it goes by route "second", the first recipient by "inside"',
          recipients: [
            { address: "a@inside.test" },
            { address: "b@second.test", reply: "452 4.5.3 Too many recipients" },
            { address: "c@inside.test" },
          ],
        },
      ]);
    },
  );
  test("what one alias becomes is never deferred for its own sake: it goes through the spool", async () => {
    const other = await otherServer();
    const aliases = { "all@inside.test": ["a@inside.test", "b@second.test"] };
    const { client, gateway } = await smtpRig({
      rulesets: { recipient: { rules: [{ name: "all", action: { rewrite: { aliases } } }] } },
      routes: { second: { port: other.port, domain: "second.test" } },
    });
    expect(await client.mail(body, { recipients: ["all@inside.test"] })).toMatch(/^250 2\.0\.0 Accepted/);
    expect(entries(gateway)).toMatchObject([
      { route: "inside", recipients: ["a@inside.test"] },
      { route: "second", recipients: ["b@second.test"] },
    ]);
  });
});

/** The route `inside` goes by MX; `ports` has the server of each domain. */
function byExchanger(ports: Record<string, number>): Pick<GatewayOptions, "route" | "pool"> {
  const find: ExchangerLookup["find"] = (domain, _route, done) => {
    const port = ports[domain];
    if (port === undefined) done(new UpstreamError("dns", domain, "no server"), []);
    else done(null, [{ host: `mx.${domain}`, port, address: "127.0.0.1" }]);
  };
  return { route: { lookup: "mx", targets: [] }, pool: { exchangers: { find } } };
}

describe("a route by MX", () => {
  test("takes recipients of one domain to its own servers; those of another domain are deferred", async () => {
    const other = await otherServer();
    const { client, gateway } = await smtpRig(byExchanger({ "a.test": other.port, "b.test": 9 }));
    expect(await envelope(client, ["x@a.test", "y@b.test", "z@A.test"])).toEqual([
      "250 2.1.5",
      "452 4.5.3",
      "250 2.1.5",
    ]);
    expect(await send(client, body)).toBe("250 2.0.0 queued");
    expect(other.mails.map(({ lines }) => lines.slice(1))).toEqual([["RCPT TO:<x@a.test>", "RCPT TO:<z@A.test>"]]);
    expect(gateway.messages[0]?.cause).toBe(
      "recipientsDiffer: its domain has other servers than the first recipient's",
    );
  });
  test("split: asks the servers of each domain, and keeps a copy for each", async () => {
    const [first, second] = [await otherServer(), await otherServer()];
    const { client, gateway } = await smtpRig({
      settings: { recipientsDiffer: "split" },
      ...byExchanger({ "a.test": first.port, "b.test": second.port }),
    });
    expect(await envelope(client, ["x@a.test", "y@b.test"])).toEqual(["250 2.1.5", "250 2.1.5"]);
    expect(await send(client, body)).toMatch(/^250 2\.0\.0 Accepted/);
    expect([first, second].map(({ lines }) => lines.filter((line) => line.startsWith("RCPT")))).toEqual([
      ["RCPT TO:<x@a.test>"],
      ["RCPT TO:<y@b.test>"],
    ]);
    expect(entries(gateway)).toMatchObject([{ recipients: ["x@a.test"] }, { recipients: ["y@b.test"] }]);
  });
});
