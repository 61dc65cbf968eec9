/** Whose content is no markup up to their own end tag. */
const rawText = new Set(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"]);
/** What may stand before the body without being shown. */
const ofHead = new Set([
  ...["!doctype", "html", "head", "/head", "meta", "link", "base", "title", "/title", "style", "/style"],
  ...["script", "/script", "noscript", "/noscript", "template", "/template"],
]);

type Tag = { name: string; start: number; end: number; textBefore: boolean };

/**
 * Where the shown part of an HTML text begins: behind the body's tag, or, where something to be shown stands before it or there is none,
 * before that. Indices of characters; tags are ASCII.
 */
export function htmlTop(html: string): number {
  let top = 0;
  for (const { name, end, textBefore } of new TagReader(html)) {
    if (textBefore) return top;
    if (name === "body") return end;
    if (!ofHead.has(name)) return top;
    top = end;
  }
  return top;
}

/** Before the last end tag of the body, or of the whole; else the end, or where something begins that hides what follows. */
export function htmlBottom(html: string): number {
  const reader = new TagReader(html);
  let body = -1;
  let whole = -1;
  for (const { name, start } of reader) {
    if (name === "/body") body = start;
    else if (name === "/html") whole = start;
  }
  if (body !== -1) return body;
  return whole === -1 ? reader.stoppedAt : whole;
}

/** The tags of an HTML text in one pass, as forgiving as a browser where it matters: comments and scripts are no markup. */
class TagReader {
  readonly #html: string;
  readonly #missing = new Set<string>();
  /** Where reading ended: the end, or an open comment, tag or script. */
  stoppedAt = 0;

  constructor(html: string) {
    this.#html = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  *[Symbol.iterator](): Generator<Tag> {
    let text = false;
    let textFrom = 0;
    for (let at = 0; ; ) {
      const start = this.#html.indexOf("<", at);
      this.stoppedAt = start === -1 ? this.#html.length : start;
      text ||= /\S/.test(this.#html.slice(textFrom, this.stoppedAt));
      if (start === -1) return;
      const name = this.#nameAt(start);
      const end = name === null ? start + 1 : this.#endOf(start, name);
      if (end === -1) return;
      at = end;
      textFrom = name === null ? start : end;
      if (name === null || name === "!--" || name === "!") continue;
      yield { name, start, end, textBefore: text };
      text = false;
      const rest = rawText.has(name) ? this.#find(`</${name}`, end) : end;
      if (rest === -1) return;
      at = rest;
      textFrom = rest;
    }
  }

  /** null: a "<" of the text. "!": something like a comment. */
  #nameAt(start: number): string | null {
    if (this.#html.startsWith("<!--", start)) return "!--";
    if (this.#html.startsWith("<!doctype", start)) return "!doctype";
    if (this.#html[start + 1] === "!" || this.#html[start + 1] === "?") return "!";
    tagName.lastIndex = start + 1;
    return tagName.exec(this.#html)?.[0] ?? null;
  }

  /** Behind what begins there; -1: it does not end. */
  #endOf(start: number, name: string): number {
    if (name === "!--") return behind(this.#find("-->", start + 2), 3);
    if (name === "!") return behind(this.#find(">", start), 1);
    for (let at = start + name.length + 1; ; ) {
      special.lastIndex = at;
      const found = special.exec(this.#html);
      if (found === null) return -1;
      if (found[0] === ">") return found.index + 1;
      const close = this.#find(found[0], found.index + 1);
      at = close === -1 ? found.index + 1 : close + 1;
    }
  }

  /** As indexOf; what once was not found is not looked for again, so that all searches together are linear. */
  #find(wanted: string, from: number): number {
    if (this.#missing.has(wanted)) return -1;
    const at = this.#html.indexOf(wanted, from);
    if (at === -1) this.#missing.add(wanted);
    return at;
  }
}

const tagName = /\/?[a-z][^\s/>]{0,40}/y;
const special = /[>"']/g;

function behind(at: number, length: number): number {
  return at === -1 ? -1 : at + length;
}
