/** The body of an answer as text. Rejects with `tooLong` past `bytesMax`. */
export async function answerText(response: Response, bytesMax: number, tooLong: Error): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
