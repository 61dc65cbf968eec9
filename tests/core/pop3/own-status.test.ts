import { describe, expect, it } from "vitest";
import { ownStatus } from "#core/pop3/own-status.ts";
import { encodeStatusLine } from "#core/pop3/status-line.ts";

const yes = (command: string, text: string, isMultiLine = false) =>
  encodeStatusLine(ownStatus(command, { ok: true, text }, isMultiLine)).trimEnd();
const no = (command: string, text: string) => encodeStatusLine(ownStatus(command, { ok: false, text })).trimEnd();

describe("a server's first line in our words", () => {
  it.each([
    ["STAT", "2 320 in joe's box on host7", "+OK 2 320"],
    ["LIST 1\r\n", "1 120 bytes", "+OK 1 120"],
    ["UIDL 1\r\n", "1 AAA+b/c by Dovecot", "+OK 1 AAA+b/c"],
    ["LANG de", "de Sprache gewechselt auf host7", "+OK de"],
    ["PASS", "host7 ready", "+OK Logged in"],
    ["NOOP", "host7", "+OK"],
  ])("of %j keeps what clients read", (command, text, shown) => expect(yes(command, text)).toBe(shown));

  it.each([
    ["RETR 1", "120 octets from host7", "+OK 120 octets"],
    ["RETR 1", "here it is", "+OK"],
    ["LIST\r\n", "2 320 messages on host7", "+OK"],
    ["TOP 1 0", "host7", "+OK Top of message follows"],
  ])("of %j, with lines to follow, says no more than they do", (command, text, shown) => {
    expect(yes(command, text, true)).toBe(shown);
  });

  it("of a refusal keeps a response code of the standard, whatever its case, and no other", () => {
    expect(no("PASS", "[AUTH] user joe is locked on host7")).toBe("-ERR [AUTH] Login failed");
    expect(no("PASS", "[in-use] by 10.0.0.7")).toBe("-ERR [IN-USE] Login failed");
    expect(no("PASS", "[SYS/TEMP] disk /var/mail full")).toBe("-ERR [SYS/TEMP] Login failed");
    expect(no("RETR 1", "[XHOST7] no such file")).toBe("-ERR No such message");
    expect(no("NOOP", "what?")).toBe("-ERR Not done");
  });

  it("stays the same when it is reworded twice", () => {
    for (const [command, text] of [
      ["STAT", "2 320 x"],
      ["PASS", "x"],
      ["UIDL 1", "1 a b"],
    ] as const) {
      const once = ownStatus(command, { ok: true, text });
      expect(ownStatus(command, once)).toEqual(once);
    }
  });
});
