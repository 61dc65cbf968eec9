import { expect, test } from "vitest";
import { startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

test("a user name that policy denies does not become the session's", async () => {
  const command = {
    rules: [{ name: "no bob", when: { user: { is: "bob" }, command: { is: "USER" } }, action: "deny" }],
  };
  const { gate, client } = await startPop3({ messages: ["Subject: x\r\n\r\nbody\r\n"] }, { rulesets: { command } });
  await client.line();
  expect(await client.ask("USER joe")).toMatch(/^\+OK/);
  expect(await client.ask("USER bob")).toMatch(/^-ERR/);
  expect(await client.ask("PASS secret")).toMatch(/^\+OK/);
  await client.answer("RETR 1");
  expect(gate.events).toMatchObject([{ kind: "message", user: "joe" }]);
});

test("a defect of ours while a server's answer is taken ends its session and no other", async () => {
  const { gate, client, options } = await startPop3({ messages: ["Subject: x\r\n\r\nbody\r\n"] });
  await client.login();
  gate.events.push = () => {
    Reflect.deleteProperty(gate.events, "push");
    throw new Error("a defect");
  };
  client.say("RETR 1\r\n");
  await client.whenClosed();
  expect(options.targets).toHaveLength(1);
  expect(gate.ended).toBeLessThanOrEqual(1);
});

test.for(["+", "+OK 9 octets\r\nx"])("a server that drips after %j ends in its time limit", async (begin) => {
  let dripping: NodeJS.Timeout | undefined;
  const { client, upstream } = await startPop3(
    {
      onCommand: (line, socket) => {
        if (!line.startsWith("RETR")) return false;
        socket.write(begin);
        dripping = setInterval(() => socket.write("x"), 50);
        return true;
      },
    },
    { route: { replyTimeoutMs: 1000 } },
  );
  await client.login();
  client.say("RETR 1\r\n");
  try {
    await client.whenClosed();
    await waitUntil("the server to be left", () => upstream.sockets.size === 0);
  } finally {
    clearInterval(dripping);
  }
});
