import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { checkPorts } from "#scripts/start/ports.ts";
import { type PortVariable, readSettings } from "#scripts/start/settings.ts";
import { freePort } from "../support/free-port.ts";

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))));

async function settingsWith(variable: PortVariable, port: number, args: string[] = []) {
  const settings = readSettings("/nowhere", { NODE_ENV: "test" }, args);
  for (const name of Object.keys(settings.ports) as PortVariable[]) settings.ports[name] = await freePort();
  settings.ports[variable] = port;
  return settings;
}

function taken(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    servers.push(server);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
}

describe("a port that is taken", () => {
  test("is named with what it is for, who has it and the variable", async () => {
    const port = await taken();
    const settings = await settingsWith("POSTERN_TRUSTED_POP3_PORT", port);
    const error = await checkPorts(settings, () => undefined).catch((reason: Error) => reason.message);
    expect(error).toContain(`Port ${port} for POP3 on Trusted is taken by `);
    expect(error).toContain(`(pid ${process.pid})`);
    expect(error).toContain("set POSTERN_TRUSTED_POP3_PORT to another port");
  });

  test("does not matter when nothing of ours wants it: the demo's, with --no-demo", async () => {
    const settings = await settingsWith("POSTERN_DEMO_SMTP_PORT", await taken(), ["--no-demo"]);
    await expect(checkPorts(settings, () => undefined)).resolves.toBeUndefined();
  });
});

test("a port that is named twice is refused", async () => {
  const settings = await settingsWith("POSTERN_CONSOLE_PORT", 0);
  settings.ports.POSTERN_CONSOLE_PORT = settings.ports.POSTERN_CONTROL_PORT;
  await expect(checkPorts(settings, () => undefined)).rejects.toThrow("is named twice");
});
