import { type LookupAddress, lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import type { NetworkSet } from "#core/match/network-set.ts";

/** What the address gave, or in a sentence why it gave nothing that can be used. */
export type FeedAnswer = { ok: true; text: string } | { ok: false; reason: string };

export type FetchOptions = {
  /** Networks that may be asked though they are not public, and without TLS. */
  allowed: NetworkSet;
  bytesMax: number;
  timeoutMs: number;
};

const redirectsMax = 3;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches a feed with GET. Only public addresses are connected to, each redirect anew, so that a feed cannot be pointed into the network
 * behind (CWE-918); the address that was looked at is the one that is connected to. Never rejects.
 */
export async function fetchFeed(url: string, options: FetchOptions): Promise<FeedAnswer> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    let at = new URL(url);
    for (let hop = 0; hop <= redirectsMax; hop++) {
      const response = await get(at, options.allowed, signal);
      const { statusCode = 0, headers } = response;
      if (!redirects.has(statusCode)) return await readAnswer(response, options.bytesMax);
      response.destroy();
      at = new URL(headers.location ?? "", at);
    }
    return { ok: false, reason: `it redirects more than ${redirectsMax} times` };
  } catch (error) {
    if (signal.aborted) return { ok: false, reason: `no whole answer within ${options.timeoutMs / 1_000} s` };
    return { ok: false, reason: error instanceof Error ? error.message : "it cannot be fetched" };
  }
}

function get(url: URL, allowed: NetworkSet, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === "https:";
  if (!secure && url.protocol !== "http:") throw new Error(`it redirects to ${url.protocol}, which is not followed`);
  const mayConnect = (address: string) => allowed.has(address) || (secure && isPublic(address));
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !mayConnect(host)) throw refusedAddress(host, secure);
  const options = {
    agent: false,
    signal,
    lookup: checkedLookup(mayConnect, secure),
    headers: { accept: "text/plain, text/csv;q=0.9, */*;q=0.1" },
  };
  return new Promise((resolve, reject) => {
    (secure ? requestHttps : requestHttp)(url, options, resolve).on("error", reject).end();
  });
}

/** RFC 6890: what is not for the public network is not asked. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === "unicast";
}

function checkedLookup(mayConnect: (address: string) => boolean, secure: boolean): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(new Error(`the name ${host} is not found (${error.code})`), "");
      const refused = addresses.find(({ address }) => !mayConnect(address));
      const [first] = addresses;
      if (refused !== undefined || first === undefined)
        return callback(refusedAddress(refused?.address ?? host, secure), "");
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusedAddress(address: string, secure: boolean): Error {
  const why = secure ? "is not a public address" : "is asked without TLS";
  return new Error(`${address} ${why}: name its network in POSTERN_FEED_NETWORKS if that is meant`);
}

async function readAnswer(response: IncomingMessage, bytesMax: number): Promise<FeedAnswer> {
  const refuse = (reason: string): FeedAnswer => {
    response.destroy();
    return { ok: false, reason };
  };
  if (response.statusCode !== 200)
    return refuse(`it answers ${response.statusCode} ${response.statusMessage ?? ""}`.trim());
  if (/^text\/html\b/i.test(response.headers["content-type"] ?? ""))
    return refuse("it gives a web page (text/html), not a list");
  const encoding = response.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") return refuse(`it gives ${encoding} data though plain text was asked for`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > bytesMax) return refuse(`it gives more than ${bytesMax / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  if (!response.complete) return refuse("it broke off");
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return { ok: false, reason: "it is not UTF-8" };
  }
}
