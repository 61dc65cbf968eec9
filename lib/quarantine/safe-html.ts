import sanitizeHtml from "sanitize-html";

const nestingMax = 100;
/** The parser's work grows by the square of how deep elements lie in each other. What follows is not read. */
const tagsMax = 10_000;
const color = [/^#[0-9a-f]{3,8}$/i, /^rgb\([\d\s,]{1,20}\)$/i, /^[a-z]{1,30}$/i];
const length = [/^\d{1,4}(?:\.\d{1,2})?(?:px|pt|em|%)?$/];

/** What may stay of a stranger's HTML: structure and plain looks. Nothing that runs, is sent, fetched, followed or laid over something else. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    ..."p br hr div span center font b i u s em strong small big sub sup code pre blockquote".split(" "),
    ..."h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td a img".split(" "),
  ],
  allowedAttributes: {
    "*": ["align", "dir", "style"],
    // `title` is ours: where the link leads.
    a: ["title"],
    col: ["span", "width"],
    font: ["color", "size"],
    img: ["src", "alt", "width", "height"],
    td: ["colspan", "rowspan", "width", "height", "bgcolor", "valign"],
    th: ["colspan", "rowspan", "width", "height", "bgcolor", "valign"],
    table: ["width", "border", "cellpadding", "cellspacing", "bgcolor"],
    tr: ["bgcolor", "valign"],
  },
  allowedStyles: {
    "*": {
      color,
      "background-color": color,
      "text-align": [/^(?:left|right|center|justify)$/],
      "font-weight": [/^(?:bold|normal|\d00)$/],
      "font-style": [/^(?:italic|normal)$/],
      "text-decoration": [/^(?:underline|line-through|none)$/],
      "font-size": length,
      width: length,
      padding: length,
    },
  },
  allowedSchemes: [],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  nestingLimit: nestingMax,
  transformTags: {
    a: (_name, { href = "" }) => ({ tagName: "a", attribs: { title: destinationOf(href) } }),
    img: (_name, attribs) => ({ tagName: "img", attribs: shownImage(attribs) }),
  },
};

/** Images that stand in the message itself; an SVG is a document and not an image. */
const embeddedImage = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;

function shownImage({ src = "", alt = "", width = "", height = "" }: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  if (embeddedImage.test(src)) return { src, alt, width, height };
  return { alt: `[image${alt === "" ? "" : `: ${alt}`}]` };
}

/** Where a link leads, for people: its host; of other links that they are one. */
function destinationOf(href: string): string {
  const address = href.replace(/[\s\p{Cc}\p{Cf}]+/gu, "");
  if (!URL.canParse(address)) return "a link that leads nowhere";
  const { protocol, host, pathname } = new URL(address);
  if (protocol === "http:" || protocol === "https:") return host;
  return protocol === "mailto:" ? `mail to ${pathname.slice(0, 100)}` : `a ${protocol.slice(0, 20)} link`;
}

// First of everything: what stands after it is under it. The frame has no origin and runs nothing besides.
const head = `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"><meta name="referrer" content="no-referrer"><style>
body { margin: 12px; background: #fff; color: #000; font: 14px/1.45 sans-serif; overflow-wrap: anywhere }
a { text-decoration: underline } a::after { content: " [" attr(title) "]"; color: #8a1c14 }
img { max-width: 100% } table { max-width: 100% }
</style></head><body>`;

/** A whole document for a sandboxed frame: the message's HTML, inert. */
export function safeDocument(html: string): string {
  return `${head}${sanitizeHtml(cutHtml(html), allowed)}</body></html>`;
}

function cutHtml(html: string): string {
  let at = -1;
  for (let tags = 0; tags < tagsMax; tags++) {
    at = html.indexOf("<", at + 1);
    if (at === -1) return html;
  }
  return html.slice(0, at);
}

const blocks = ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table"];

/** The text of HTML, a line for each block. */
export function htmlToText(html: string): string {
  const marked = sanitizeHtml(cutHtml(html), { allowedTags: blocks, allowedAttributes: {}, nestingLimit: nestingMax });
  return marked
    .replace(/<[^>]{0,20}>/g, "\n")
    .replace(/&(lt|gt|quot|amp);/g, (_entity, name: keyof typeof entities) => entities[name])
    .replace(/[ \t]*\n\s*/g, "\n")
    .trim();
}

const entities = { lt: "<", gt: ">", quot: '"', amp: "&" } as const;
