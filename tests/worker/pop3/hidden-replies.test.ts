import { expect, it } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { startPop3 } from "../../support/pop3-setup.ts";

const message = "Subject: s\r\nMessage-ID: <1@a.test>\r\n\r\ntext\r\n";
const said = new Map([
  ["STAT", `+OK 1 ${message.length} host7`],
  ["LIST 1", `+OK 1 ${message.length} host7`],
  ["UIDL 1", "+OK 1 uid-1 host7"],
  ["LIST 2", "-ERR [SYS/TEMP] host7 lost its disk"],
  ["RETR 2", "-ERR [XSECRET] host7 has none"],
  ["DELE 1", "+OK host7 marked it"],
  ["NOOP", "+OK host7 is bored"],
  ["RSET", "-ERR host7 will not"],
  ["UTF8", "-ERR host7 what?"],
  ["LANG de", "+OK de Sprache von host7"],
  ["QUIT", "+OK host7 signing off"],
  ["LIST", `+OK 1 messages on host7\r\n1 ${message.length}\r\n.`],
  ["UIDL", "+OK host7\r\n1 uid-1\r\n."],
  ["RETR 1", `+OK ${message.length} octets from host7\r\n${message}.`],
  ["TOP 1 1", `+OK host7\r\n${message}.`],
]);
const server: FakePop3Options = {
  capabilities: ["USER", "IMPLEMENTATION host7"],
  onCommand: (line, socket) => {
    const answer = said.get(line);
    if (answer === undefined) return false;
    socket.write(`${answer}\r\n`);
    return true;
  },
};

it("no word of the server's own reaches the client, and every number, unique id and response code of the standard does", async () => {
  const { client } = await startPop3(server, { settings: { hideServerReplies: true } });
  await client.line();
  client.say(
    "UTF8\r\nLANG de\r\nCAPA\r\nUSER joe\r\nPASS secret\r\nSTAT\r\nLIST\r\nLIST 1\r\nLIST 2\r\nUIDL\r\nUIDL 1\r\n",
  );
  client.say("RETR 1\r\nRETR 2\r\nTOP 1 1\r\nDELE 1\r\nNOOP\r\nRSET\r\nQUIT\r\n");
  const size = message.length;
  const expected = [
    ...["-ERR Not done", "+OK de", "+OK", "USER", ".", "+OK", "+OK Logged in"],
    ...[`+OK 1 ${size}`, "+OK", `1 ${size}`, ".", `+OK 1 ${size}`, "-ERR [SYS/TEMP] No such message"],
    ...["+OK", "1 uid-1", ".", "+OK 1 uid-1", `+OK ${size} octets`, `${message}.`, "-ERR No such message"],
    ...["+OK Top of message follows", `${message}.`, "+OK Message deleted", "+OK", "-ERR Not done", "+OK Bye", ""],
  ];
  expect(await client.whenClosed()).toBe(expected.join("\r\n"));
});

it("a login that the server refuses for other reasons keeps its code", async () => {
  const onCommand: FakePop3Options["onCommand"] = (line, socket) =>
    line.startsWith("PASS") && (socket.write("-ERR [SYS/PERM] joe is locked on host7\r\n"), true);
  const { client } = await startPop3({ onCommand }, { settings: { hideServerReplies: true } });
  await client.line();
  await client.ask("USER joe");
  expect(await client.ask("PASS secret")).toBe("-ERR [SYS/PERM] Login failed\r\n");
});
