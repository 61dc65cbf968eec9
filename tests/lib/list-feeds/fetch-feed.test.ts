import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { NetworkSet } from "#core/match/network-set.ts";
import { fetchFeed } from "#lib/list-feeds/fetch-feed.ts";

let stop: (() => void) | null = null;
afterEach(() => stop?.());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

const allowed = new NetworkSet(["127.0.0.1"]);
const options = { allowed, bytesMax: 1_000, timeoutMs: 2_000 };

describe("a feed", () => {
  it("gives its text", async () => {
    const url = await serve((_, response) => response.end("192.0.2.0/24\n"));
    expect(await fetchFeed(url, options)).toEqual({ ok: true, text: "192.0.2.0/24\n" });
  });

  it("is followed to where it moved, not for ever", async () => {
    const url = await serve(({ url: path }, response) => {
      if (path === "/new") response.end("a.test");
      else response.writeHead(302, { location: path === "/round" ? "/round" : "/new" }).end();
    });
    expect(await fetchFeed(url, options)).toEqual({ ok: true, text: "a.test" });
    expect(await fetchFeed(`${url}/round`, options)).toEqual({ ok: false, reason: "it redirects more than 3 times" });
  });

  it.each([
    ["larger than it may be", (_, response) => response.end("x".repeat(1_001)), /^it gives more than/],
    ["a web page", (_, response) => response.setHeader("content-type", "text/html").end("<p>"), /text\/html/],
    ["an error", (_, response) => response.writeHead(503).end(), /^it answers 503/],
    ["compressed", (_, response) => response.setHeader("content-encoding", "gzip").end("x"), /gzip/],
    ["not UTF-8", (_, response) => response.end(Buffer.from([0xff, 0xfe])), /UTF-8/],
    [
      "broken off",
      (_, response) => void response.writeHead(200, { "content-length": 9 }).write("x", () => response.destroy()),
      /aborted/,
    ],
  ] satisfies [string, RequestListener, RegExp][])(
    "that is %s is refused with the reason",
    async (_, listener, reason) => {
      expect(await fetchFeed(await serve(listener), options)).toEqual({
        ok: false,
        reason: expect.stringMatching(reason),
      });
    },
  );

  it("that does not end is given up in time", async () => {
    const url = await serve((_, response) => response.write("x"));
    expect(await fetchFeed(url, { ...options, timeoutMs: 200 })).toEqual({
      ok: false,
      reason: "no whole answer within 0.2 s",
    });
  });
});

describe("what is not public", () => {
  const none = { ...options, allowed: new NetworkSet([]) };

  it.each([
    ["https://127.0.0.1/", "127.0.0.1 is not a public address"],
    ["https://[::1]/", "::1 is not a public address"],
    ["https://[::ffff:10.0.0.1]/", "::ffff:a00:1 is not a public address"],
    ["https://169.254.169.254/latest", "169.254.169.254 is not a public address"],
    ["https://localhost/", "is not a public address"],
    ["http://192.0.2.1/", "192.0.2.1 is asked without TLS"],
    ["ftp://192.0.2.1/", "it redirects to ftp:, which is not followed"],
  ])("%s is not asked", async (url, reason) => {
    expect(await fetchFeed(url, none)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("is not reached by a redirect either", async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      response.writeHead(302, { location: `http://127.0.0.2:${request.socket.localPort}/` }).end();
    });
    expect(await fetchFeed(url, options)).toEqual({
      ok: false,
      reason: expect.stringContaining("127.0.0.2 is asked without TLS"),
    });
    expect(asked).toBe(1);
  });
});
