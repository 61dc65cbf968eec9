/** The body of a request as text, or null when it is longer than the cap; what is too long is not read to its end. */
export async function readBody(request: Request, bytesMax: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The token of `Authorization: Bearer …`, or null. */
export function bearerToken(request: Request): string | null {
  const [, token] = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.get("authorization") ?? "") ?? [];
  return token ?? null;
}
