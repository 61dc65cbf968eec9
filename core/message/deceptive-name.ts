/** Extensions that Windows starts as programs. */
const programs =
  "ade|adp|appx|appref-ms|bat|chm|cmd|com|cpl|dll|exe|gadget|hta|inf|ins|iso|img|jar|jse?|lnk|mde|ms[cipt]|mht|pif|ps1|reg|sc[rt]|sh[bs]|sys|url|vb[es]?|vhdx?|ws[cfh]?|xll";

/** What a name is not: another kind of file than the one that it ends in. Blanks may stand between. */
const doubleExtension = new RegExp(`\\.[a-z0-9]{2,5}[\\s_]*\\.(?:${programs})[\\s.]*$`, "iu");
/** A folder of Windows by its class: `x.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}` opens as a program and shows no extension. */
const classId = /\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/iu;
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const control = /[\p{Cc}\u2028\u2029]/u;
/** Variation selectors of emoji stand in honest names. */
const invisible = /(?![\ufe0e\ufe0f\u200c\u200d])[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** A joiner belongs between letters of a script that joins, and between emoji. */
const joiner =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])|[ -~][\u200c\u200d]|[\u200c\u200d][ -~]/u;
const tail = /[\s.]$/u;
/** A path that leads out of a folder, or a stream of NTFS. */
const path = /(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[a-z]:[/\\]|\.\w{1,5}:/iu;
const blanks = /[\s_]{8}/u;

/**
 * Whether a name, decoded, shows other than it is: text directions, characters that do not show or control, dots and blanks at the end
 * (Windows drops them), many blanks, a program's extension behind another one, a class id, a path, letters that fold to an extension.
 */
export function isDeceptiveName(name: string): boolean {
  const written = name.trimStart();
  return (
    [bidirectional, control, invisible, joiner, tail, blanks, path, classId, doubleExtension].some((test) =>
      test.test(written),
    ) || foldsToExtension(written)
  );
}

function foldsToExtension(name: string): boolean {
  const end = name.slice(-16);
  if (/^[ -~]*$/u.test(end)) return false;
  const extension = /\.\w{1,5}$/u.exec(end.normalize("NFKC"))?.[0];
  return extension !== undefined && !name.endsWith(extension);
}
