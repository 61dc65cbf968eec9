import type { PlacedField } from "#core/message/header-reader.ts";
import { type InspectorSink, MessageInspector } from "#core/message/inspector.ts";

const fieldsMax = 200;
const fieldCharactersMax = 2_000;

/** A header field as a person is shown it: decoded, no longer than one looks at. */
export type ShownField = { name: string; value: string };

/** Keeps the fields of a message's own header, as an inspector tells them. */
export function keepFields(fields: ShownField[]): InspectorSink["headerLine"] {
  return ({ name }: PlacedField, [value = ""]) => {
    // Folds often leave a tab (RFC 5322 §2.2.3), which hides nothing.
    const shown = value.slice(0, fieldCharactersMax).replaceAll("\t", " ");
    if (fields.length < fieldsMax) fields.push({ name, value: shown });
  };
}

/** The fields of a message's header in order; its body is not looked at. */
export function readHeaderFields(bytes: Uint8Array): ShownField[] {
  const fields: ShownField[] = [];
  const nothing = () => undefined;
  const inspector = new MessageInspector(
    { header: true, attachment: false, content: false },
    {
      headerLine: keepFields(fields),
      headersEnd: nothing,
      part: nothing,
      partBody: nothing,
      partEnd: nothing,
      ambiguous: nothing,
      unscannable: nothing,
    },
  );
  inspector.write(bytes);
  inspector.end();
  return fields;
}
