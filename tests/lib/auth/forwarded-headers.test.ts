import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ignoreForwardedHeaders } from "#lib/auth/forwarded-headers.ts";

let ended: () => void = () => {};
afterEach(() => ended());

/** The headers as a request listener, which is what Next is, sees them. */
async function seen(headers: Record<string, string>): Promise<IncomingHttpHeaders> {
  const { promise, resolve } = Promise.withResolvers<IncomingHttpHeaders>();
  const server = createServer((request, response) => {
    resolve(request.headers);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}/`, { headers });
  await new Promise((closed) => server.close(closed));
  return promise;
}

const forged = {
  "x-forwarded-for": "203.0.113.9",
  "x-forwarded-host": "elsewhere.example",
  "x-forwarded-proto": "https",
};

test("without a trusted proxy no forwarded header reaches the console", async () => {
  ended = ignoreForwardedHeaders();
  const headers = await seen({ ...forged, "x-other": "kept" });
  expect(Object.keys(headers).filter((name) => name.includes("forwarded"))).toEqual([]);
  expect(headers["x-other"]).toBe("kept");
});

test("with one they do", async () => {
  expect(await seen(forged)).toMatchObject(forged);
});
