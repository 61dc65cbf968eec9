import { createServer, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { ReportClient } from "#worker/report/report-client.ts";
import { freePort } from "../../support/free-port.ts";
import { report } from "../../support/report-samples.ts";

async function sendTo(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return await new ReportClient(`http://127.0.0.1:${port}`, "token").send(report(1), new AbortController().signal);
}

test("200 with a sequence is accepted; anything else in it is worth another try", async () => {
  expect(await sendTo((response) => response.end('{"acceptedSequence":1}'))).toEqual({
    kind: "accepted",
    acceptedSequence: 1,
  });
  expect(await sendTo((response) => response.end("<html>"))).toMatchObject({ kind: "unreachable" });
});

test("400, 413 and 422 are refusals for good; 401 and 503 are not", async () => {
  for (const status of [400, 413, 422])
    expect((await sendTo((response) => response.writeHead(status).end())).kind).toBe("refused");
  for (const status of [401, 503])
    expect((await sendTo((response) => response.writeHead(status).end())).kind).toBe("unreachable");
});

test("an answer that does not end, a redirect and a closed port are worth another try", async () => {
  const endless = await sendTo((response) => {
    const more = (): void => void response.write("x".repeat(16_384), more);
    response.on("error", () => undefined);
    more();
  });
  expect(endless).toEqual({ kind: "unreachable", reason: "the console's answer is too long" });
  expect(await sendTo((response) => response.writeHead(302, { location: "http://192.0.2.1/" }).end())).toMatchObject({
    kind: "unreachable",
  });
  const gone = new ReportClient(`http://127.0.0.1:${await freePort()}`, "token");
  expect(await gone.send(report(1), new AbortController().signal)).toMatchObject({
    kind: "unreachable",
    reason: expect.stringContaining("ECONNREFUSED"),
  });
});
