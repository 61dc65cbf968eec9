const upperCase = /[A-Z]/;

/**
 * Lower case for A to Z and nothing else. Domains, tokens and file names are compared in this form; the Unicode case
 * mappings are not used because they turn different names into one (U+0130, U+017F, U+FF0E).
 */
export function foldAscii(text: string): string {
  if (!upperCase.test(text)) return text;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
