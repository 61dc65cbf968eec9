/** What a person reads about a setting. `options` are the words of a choice's values, each telling its effect. */
export type SettingWords = {
  path: string;
  label: string;
  unit?: string;
  help?: string;
  options?: Record<string, string>;
};
export type SettingSection = { id: string; title: string; help?: string; settings: readonly SettingWords[] };

/** Of every protocol. */
export const generalSettings: readonly SettingWords[] = [
  { path: "name", label: "Name", help: "Policies follow a new name." },
  {
    path: "direction",
    label: "Direction",
    help: "Only tells people and reports what it is for; the policy decides what it meets.",
    options: { incoming: "Incoming: from External towards inside", outgoing: "Outgoing: towards External" },
  },
];
