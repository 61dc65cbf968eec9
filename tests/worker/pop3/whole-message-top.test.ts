import { expect, it } from "vitest";
import { stuffed } from "../../support/fake-pop3-server.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";

const head = "From: Ann <ann@sender.test>\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nSubject: the report\r\n";
const clean = `${head}\r\nHello.\r\n.dot\r\n`;
const program = `${head}Content-Disposition: attachment; filename="x.exe"\r\n\r\nMZ\r\n`;
/** As fetchmail fetches. */
const fetchmail = "TOP 1 99999999";

it("a TOP of all lines that there can be passes a message as it is, and is told as its retrieval", async () => {
  const { upstream, gate, client } = await startPop3({ messages: [clean] }, { rulesets: noExe });
  await client.login();
  expect((await client.answer(fetchmail)).replace(/^\+OK.*\r\n/, "")).toBe(`${stuffed(clean)}.\r\n`);
  expect(upstream.commands.filter((line) => /^(?:RETR|TOP)/.test(line))).toEqual(["RETR 1"]);
  expect(gate.events).toMatchObject([{ outcome: "retrieved" }]);
});

it("a message that is refused comes as its notice there, and is told as replaced", async () => {
  const { gate, client } = await startPop3({ messages: [program] }, { rulesets: noExe });
  await client.login();
  const notice = await client.answer(fetchmail);
  expect(notice).toContain("Subject: the report\r\n");
  expect(notice).not.toContain("MZ");
  expect(gate.events).toMatchObject([{ outcome: "replaced" }]);
  expect(await client.answer("TOP 1 9999")).toBe(notice);
});

it("a TOP of fewer lines is no retrieval", async () => {
  const { gate, client } = await startPop3({ messages: [clean] }, { rulesets: noExe });
  await client.login();
  await client.answer("TOP 1 99999998");
  expect(gate.events).toEqual([]);
});
