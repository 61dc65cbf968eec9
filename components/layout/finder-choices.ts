import type { Found, FoundKind } from "#core/contract/found.ts";
import type { Permission } from "#core/contract/permission.ts";
import { navigation } from "./navigation.ts";

/** Something that the finder leads to. */
export type Choice = { href: string; name: string; detail: string };
export type ChoiceGroup = { label: string; choices: readonly Choice[] };

const pages: readonly Choice[] = navigation.flatMap(({ label, items }) =>
  items.map((item) => ({ href: item.href, name: item.label, detail: label })),
);

/** What people come to do, by the words that they look for it with; `takes`: which permission. */
const commands: readonly (Choice & { takes?: Permission })[] = [
  { href: "/simulator", name: "Simulate a message", detail: "Against the draft, what is live or a revision" },
  { href: "/policies?add=smtp", name: "Add SMTP policy", detail: "Into the draft", takes: "edit" },
  { href: "/policies?add=pop3", name: "Add POP3 policy", detail: "Into the draft", takes: "edit" },
  { href: "/lists?new=1", name: "Add list", detail: "Into the draft", takes: "edit" },
  { href: "/interfaces?new=1", name: "Add interface", detail: "Into the draft", takes: "edit" },
  { href: "/policies/document", name: "Import or export the policy", detail: "As YAML" },
  { href: "/revisions", name: "Roll back to a revision", detail: "It becomes a new one", takes: "publish" },
  { href: "/queue?state=failed", name: "Retry what failed in the queue", detail: "Or delete it", takes: "operate" },
  {
    href: "/quarantine?state=held",
    name: "Release from quarantine",
    detail: "What is held now",
    takes: "handle-quarantine",
  },
];

const kinds: Record<FoundKind, { label: string; hrefOf: (id: string) => string }> = {
  rule: { label: "Rules", hrefOf: (id) => `/policies?edit=${id}` },
  policy: { label: "Policies", hrefOf: (id) => `/policies?policy=${id}` },
  list: { label: "Lists", hrefOf: (id) => `/lists?edit=${id}` },
  "proxy action": { label: "Proxy actions", hrefOf: (id) => `/proxy-actions/${id}` },
  interface: { label: "Interfaces", hrefOf: (id) => `/interfaces?edit=${id}` },
  route: { label: "Routes", hrefOf: (id) => `/routes?edit=${id}` },
  message: { label: "Messages", hrefOf: (id) => `/messages/${encodeURIComponent(id)}` },
  connection: { label: "Connections", hrefOf: (id) => `/connections/${encodeURIComponent(id)}` },
  revision: { label: "Revisions", hrefOf: (id) => `/revisions/${id}` },
};

/** What answers to a text, by kind; `found` is what the console found for it. Without a text: every page, and every command that one may give. */
export function finderGroups(
  text: string,
  found: readonly Found[],
  may: (permission: Permission) => boolean,
): ChoiceGroup[] {
  const words = text.toLowerCase().split(/\s+/);
  const answers = ({ name }: Choice) => words.every((word) => name.toLowerCase().includes(word));
  const local = [
    { label: "Pages", choices: pages.filter(answers) },
    {
      label: "Commands",
      choices: commands.filter((command) => answers(command) && (command.takes === undefined || may(command.takes))),
    },
  ];
  const objects = Object.entries(kinds).map(([kind, { label, hrefOf }]) => ({
    label,
    choices: found
      .filter((object) => object.kind === kind)
      .map(({ id, name, detail }) => ({ href: hrefOf(id), name, detail })),
  }));
  return [...local, ...objects].filter(({ choices }) => choices.length > 0);
}

/** Where a text can be searched for that is nobody's name. */
export function searchesFor(text: string): ChoiceGroup {
  const asked = encodeURIComponent(text);
  return {
    label: `Search for “${text}”`,
    choices: [
      { href: `/messages?text=${asked}`, name: "In messages", detail: "Subjects and ids" },
      { href: `/connections?text=${asked}`, name: "In connections", detail: "Addresses, ids and causes" },
      { href: `/lists?q=${asked}`, name: "In lists", detail: "Entries that hold it or stand for it" },
      { href: `/policies?find=${asked}`, name: "In rules", detail: "What they say and ask for" },
    ],
  };
}
