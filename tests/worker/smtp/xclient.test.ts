import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const trusting = { xclientFrom: ["127.0.0.0/8"] };
const seen = { rules: [{ name: "that one", when: { clientAddress: { in: ["192.0.2.0/24"] } }, action: "deny" }] };

describe("XCLIENT", () => {
  test("is offered to a trusted network, and begins the session anew with the address that it tells", async () => {
    const { client, gateway, upstream } = await smtpRig({ settings: trusting });
    const keyword = "250 XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";
    expect((await client.command("EHLO proxy.test")).split("|").at(-1)).toBe(keyword);
    expect(await client.command("XCLIENT ADDR=192.0.2.7 PORT=4711 NAME=[UNAVAILABLE] LOGIN=ann")).toBe(
      "220 gate.test ESMTP",
    );
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^503/);
    expect(await client.mail("\r\n")).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([
      {
        client: { address: "192.0.2.7", port: 4711 },
        helo: "client.test",
        auth: { mechanism: "XCLIENT", user: "ann" },
      },
    ]);
    expect(upstream.mails[0]?.body).toContain("([192.0.2.7])");
  });
  test("is believed once: the address that it told is not trusted by that", async () => {
    const { client } = await smtpRig({ settings: trusting });
    await client.command("XCLIENT ADDR=192.0.2.7");
    expect(await client.command("EHLO c.test")).not.toContain("XCLIENT");
    expect(await client.command("XCLIENT ADDR=192.0.2.8")).toMatch(/^502/);
  });
  test("is neither offered to others nor taken from them", async () => {
    const { client, gateway } = await smtpRig({ settings: { xclientFrom: ["192.0.2.0/24"] } });
    expect(await client.command("EHLO c.test")).not.toContain("XCLIENT");
    expect(await client.command("XCLIENT ADDR=192.0.2.7")).toMatch(/^502 5\.5\.1/);
    await client.mail("\r\n", { hello: false });
    expect(gateway.messages).toMatchObject([{ client: { address: "127.0.0.1" } }]);
  });
  test("makes rules see the new address", async () => {
    const { client } = await smtpRig({ settings: trusting, rulesets: { greeting: seen } });
    expect(await client.command("EHLO c.test")).toMatch(/^250/);
    await client.command("XCLIENT ADDR=192.0.2.7");
    expect(await client.command("EHLO c.test")).toMatch(/^550/);
  });
  test("is 503 inside a transaction, and 501 with what it cannot be", async () => {
    const { client } = await smtpRig({ settings: trusting });
    for (const bad of ["ADDR=999.1.1.1", "ADDR=x", "", "ADDR=192.0.2.1 COLOUR=red"]) {
      expect(await client.command(`XCLIENT ${bad}`)).toMatch(/^501/);
    }
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("XCLIENT ADDR=192.0.2.1")).toMatch(/^503/);
  });
});
