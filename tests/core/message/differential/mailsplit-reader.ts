import { buffer } from "node:stream/consumers";
import { type MimeNode, Splitter } from "@zone-eu/mailsplit";
import { digestOf, type Leaf } from "./leaf.ts";

type Chunk = { type: string; node: MimeNode; value: Buffer };

/** The leaves as mailsplit, which reads for mailparser, has them. An attached message is read as a message of its own. */
export async function mailsplitLeaves(message: string): Promise<Leaf[]> {
  const nodes = new Map<MimeNode, Buffer[]>();
  const splitter = new Splitter({ defaultInlineEmbedded: true });
  splitter.end(Buffer.from(message, "latin1"));
  for await (const chunk of splitter as AsyncIterable<Chunk | MimeNode>) {
    if ("getDecoder" in chunk) nodes.set(chunk, []);
    else if (chunk.type === "body") nodes.get(chunk.node)?.push(chunk.value);
  }
  const leaves: Leaf[] = [];
  for (const [node, body] of nodes) {
    if (node.multipart !== false || node.messageNode === true) continue;
    const decoder = node.getDecoder();
    decoder.end(Buffer.concat(body));
    const content = await buffer(decoder);
    if (node.rfc822) leaves.push(...(await mailsplitLeaves(content.toString("latin1"))));
    else
      leaves.push({ type: node.contentType || "text/plain", name: node.filename || null, digest: digestOf(content) });
  }
  return leaves;
}
