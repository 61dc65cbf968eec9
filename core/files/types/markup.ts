import type { Findings } from "../reader.ts";
import { textOfHead } from "./text-of-head.ts";

const handler = /<[a-z][^<>]{0,4000}[\s"'/]on[a-z]{3,30}\s{0,10}=/i;
const scriptAddress = /(?:href|src|action|data|to|from|values)\s{0,10}=\s{0,10}["']?\s{0,20}(?:java|vb)script\s{0,5}:/i;
const scriptTag = /<(?:[\w-]{1,40}:)?script[\s>/]/i;

/** Whether a drawing or a page runs something when it is shown: an element, an event's handler, an address. SVG 2 §15, HTML §4.12.1 */
function runsScript(text: string): boolean {
  return scriptTag.test(text) || handler.test(text) || scriptAddress.test(text);
}

/** A drawing: an element of a page within may bring scripts along as well. */
export function readDrawing(bytes: Uint8Array, findings: Findings): null {
  const { text } = textOfHead(bytes);
  if (runsScript(text) || /<(?:[\w-]{1,40}:)?(?:foreignObject|iframe|embed|object)[\s>]/i.test(text))
    findings.mark("svg-script");
  return null;
}

export function readPage(bytes: Uint8Array, findings: Findings): null {
  const { text } = textOfHead(bytes);
  if (runsScript(text)) findings.mark("html-script");
  if (/<form[\s>]/i.test(text)) findings.mark("html-form");
  return null;
}
