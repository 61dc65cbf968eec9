/** The page's address with an editor open: `editorHref("/policies")("edit", id)`. */
export function editorHref(baseHref: string): (editor: string, value: string) => string {
  return (editor, value) => `${baseHref}${baseHref.includes("?") ? "&" : "?"}${editor}=${encodeURIComponent(value)}`;
}
