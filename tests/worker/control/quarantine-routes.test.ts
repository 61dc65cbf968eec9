import { expect, onTestFinished, test } from "vitest";
import { controlErrorSchema, controlPaths } from "#core/contract/control-api.ts";
import { quarantineCommandAnswerSchema, quarantinePageSchema } from "#core/contract/quarantine.ts";
import { ControlServer } from "#worker/control/control-server.ts";
import { quarantineRoutes } from "#worker/control/quarantine-routes.ts";
import { QuarantineCommands } from "#worker/quarantine/quarantine-commands.ts";
import { keep } from "../../support/kept-content.ts";
import { askControl } from "../../support/worker-control.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

const token = "the-token-of-this-worker-0123456789";

async function startControl() {
  const { services, quarantine, spool, recorder } = await makeWorkerParts();
  const commands = new QuarantineCommands(quarantine, recorder, {
    spool,
    judge: ({ content }, done) => done(null, { goes: true, content }),
    hostNameOf: () => "mx.example.test",
    newId: services.newId,
    now: Date.now,
  });
  const server = new ControlServer({
    token,
    routes: new Map(quarantineRoutes({ quarantine, commands })),
    log: silentLog,
  });
  const port = await server.listen("127.0.0.1", 0);
  onTestFinished(() => server.close());
  return { target: { controlUrl: `http://127.0.0.1:${port}`, token }, quarantine, spool };
}

async function errorOf(response: Response) {
  const { error } = controlErrorSchema.parse(await response.json());
  return [response.status, error.code];
}

const contentPath = (id: string) => `${controlPaths.quarantineContent}?id=${encodeURIComponent(id)}`;

test("200: entries page by page, in order of id", async () => {
  const { target, quarantine } = await startControl();
  for (const id of ["C", "A", "B"]) await keep(quarantine, "x", { id });
  const page = async (query: string) =>
    quarantinePageSchema.parse(await (await askControl(target, "GET", controlPaths.quarantine + query)).json());
  const first = await page("?limit=2");
  expect([first.entries.map(({ id }) => id), first.next]).toEqual([["A", "B"], "B"]);
  const last = await page("?limit=2&after=B");
  expect([last.entries, last.next]).toEqual([[quarantine.entry("C")], null]);
});

test("200: content is given out octet for octet, as nothing that a browser would show, and is kept nowhere on the way", async () => {
  const { target, quarantine } = await startControl();
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256));
  const { id } = await keep(quarantine, content);
  const response = await askControl(target, "GET", contentPath(id));
  expect([response.status, response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual([
    200,
    "application/octet-stream",
    "no-store",
  ]);
  expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
});

test("200: commands are answered for each id, once, with why not", async () => {
  const { target, quarantine, spool } = await startControl();
  const { id } = await keep(quarantine, "x");
  const ask = async (command: string) => {
    const body = { command, ids: [id, "gone", id], by: "ann" };
    return quarantineCommandAnswerSchema.parse(
      await (await askControl(target, "POST", controlPaths.quarantineCommands, body)).json(),
    );
  };
  const gone = { id: "gone", done: false, reason: "it is not in quarantine" };
  expect((await ask("release")).results).toEqual([{ id, done: true, reason: null }, gone]);
  expect((await ask("delete")).results).toEqual([{ id, done: true, reason: null }, gone]);
  expect([[...spool.ids()], quarantine.size]).toEqual([[id], 0]);
});

test("401 without the token, for each of them", async () => {
  const { target, quarantine } = await startControl();
  const { id } = await keep(quarantine, "secret");
  const stranger = { ...target, token: "x" };
  const bodies = [
    await askControl(stranger, "GET", controlPaths.quarantine),
    await askControl(stranger, "GET", contentPath(id)),
    await askControl(stranger, "POST", controlPaths.quarantineCommands, { command: "delete", ids: [id], by: "eve" }),
  ];
  expect(await Promise.all(bodies.map(errorOf))).toEqual(Array.from(bodies, () => [401, "unauthorized"]));
  expect(quarantine.size).toBe(1);
});

test("404 for content that is not there, and for a path that is none", async () => {
  const { target } = await startControl();
  for (const path of [
    contentPath("gone"),
    contentPath("../key"),
    controlPaths.quarantineContent,
    `${controlPaths.quarantine}/x`,
  ])
    expect(await errorOf(await askControl(target, "GET", path))).toEqual([404, "not-found"]);
  expect(await errorOf(await askControl(target, "POST", contentPath("x"), {}))).toEqual([404, "not-found"]);
});

test.each([
  { command: "eat", ids: ["x"], by: "ann" },
  { command: "release", ids: [], by: "ann" },
  { command: "release", ids: ["x"] },
  { command: "delete", ids: ["x"], by: "ann", malware: true },
])("400 for the command %j", async (body) => {
  const { target } = await startControl();
  expect(await errorOf(await askControl(target, "POST", controlPaths.quarantineCommands, body))).toEqual([
    400,
    "bad-request",
  ]);
});

test("400 for a page that cannot be", async () => {
  const { target } = await startControl();
  for (const query of ["?limit=0", "?limit=501", "?limit=x", "?since=1"])
    expect(await errorOf(await askControl(target, "GET", controlPaths.quarantine + query))).toEqual([
      400,
      "bad-request",
    ]);
});

test("413 for a command over its cap", async () => {
  const { target } = await startControl();
  const body = { command: "delete", ids: ["x".repeat(1_100_000)], by: "ann" };
  expect(await errorOf(await askControl(target, "POST", controlPaths.quarantineCommands, body))).toEqual([
    413,
    "too-large",
  ]);
});
