import { Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { EditList } from "#core/message/rewrite/edit.ts";
import { ClientLink } from "#worker/pop3/client-link.ts";
import { HeadStart } from "#worker/pop3/head-start.ts";
import { endlessMessage, swallowBytesMax } from "#worker/pop3/retrieval.ts";
import { TopLook } from "#worker/pop3/top-look.ts";
import { startPop3 } from "../../support/pop3-setup.ts";

const nothing = (): void => undefined;

it("a look at a refused message that does not end is given up", () => {
  const events = { line: nothing, answered: nothing, gone: nothing, idle: nothing, fault: nothing, closed: nothing };
  const client = new ClientLink(new Socket(), 60_000, events);
  onTestFinished(() => client.destroy());
  const failures: string[] = [];
  const look = new TopLook({
    client,
    upstream: { pause: nothing, resume: nothing },
    judgement: {
      refused: true,
      shown: "notice",
      edits: new EditList(),
      write: nothing,
      end: nothing,
      cancel: nothing,
      notice: () => new Uint8Array(0),
    },
    hold: null,
    headStart: new HeadStart(client, 60_000),
    lines: 0,
    original: nothing,
    done: nothing,
    missing: nothing,
    fail: (reason) => failures.push(reason),
    fault: nothing,
  });
  onTestFinished(() => look.abort());
  look.status({ ok: true, text: "" });
  const chunk = new Uint8Array(swallowBytesMax / 8);
  for (let n = 0; n < 8; n++) look.wire(chunk);
  expect(failures).toEqual([]);
  look.wire(new Uint8Array(1));
  expect(failures).toEqual([endlessMessage]);
});

it.each([1_048_500, 1_049_000, 1_080_000, 1_500_000, 2_000_000])(
  "a top of a message of %d bytes is shown although the disk is behind when the verdict is there, and the session goes on",
  async (bytes) => {
    const line = `${"x".repeat(76)}\r\n`;
    const clean = `Subject: big\r\n\r\n${line.repeat(Math.ceil(bytes / line.length))}`;
    const attachment = { rules: [{ name: "a", when: { fileName: { like: "*.exe" } }, action: "strip" }] };
    const header = { rules: [{ name: "h", when: { headerValue: { is: "bad" } }, action: "replace" }] };
    const messages = [clean, clean.replace("big", "bad")];
    const { client } = await startPop3({ messages }, { rulesets: { attachment, header } });
    await client.login();
    for (let round = 0; round < 2; round++) {
      expect(await client.answer("TOP 1 1")).toBe(`+OK top\r\nSubject: big\r\n\r\n${line}.\r\n`);
      expect(await client.answer("TOP 2 0")).toContain("X-Postern-Id");
    }
    expect(await client.ask("NOOP")).toBe("+OK\r\n");
  },
);
