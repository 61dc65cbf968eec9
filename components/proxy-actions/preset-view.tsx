import { Panel } from "#components/ui/panel.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { profileSchema } from "#core/contract/proxy-action-profile.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { actionWords, ruleSentence } from "#core/policy/explain.ts";
import type { Preset } from "#core/policy/presets/preset.ts";
import { defaultTexts, profileDraftOf } from "./profile-draft.ts";
import { optionWords, settingHelp } from "./setting-words.ts";

/** A preset as it is: what it sets and why, its rules, and the lists that it needs. */
export function PresetView({ preset }: { preset: Preset }) {
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Settings that are not the default">
        <ChangedSettings preset={preset} />
      </Panel>
      <Panel title="Rules">
        <PresetRules preset={preset} />
      </Panel>
      {preset.requires.length > 0 && (
        <Panel title="Lists that it needs">
          <dl className="flex flex-col gap-2">
            {preset.requires.map(({ name, kind, what, entries }) => (
              <div key={name}>
                <dt className="font-medium">
                  {name} <span className="font-normal text-muted">({kind})</span>
                </dt>
                <dd className="text-muted">
                  {what} {entries.length === 0 ? "You fill it in." : `Begins with ${entries.length} entries.`}
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </div>
  );
}

function ChangedSettings({ preset: { action, reasons } }: { preset: Preset }) {
  const { protocol } = action;
  const { rulesets: _, ...profile } = action;
  const { values } = profileDraftOf(profileSchema.parse(profile));
  const changed = Object.entries(defaultTexts(protocol)).filter(([path, byDefault]) => values[path] !== byDefault);
  if (changed.length === 0) return <p className="text-muted">None: every setting is at its default.</p>;
  return (
    <Table caption="Settings that are not the default">
      <thead>
        <tr>
          <Th>Setting</Th>
          <Th>Value</Th>
          <Th>Default</Th>
          <Th>Why</Th>
        </tr>
      </thead>
      <tbody>
        {changed.map(([path, byDefault]) => (
          <Row key={path}>
            <Td>{settingHelp(protocol, path).label}</Td>
            <Td label="Value">{valueWords(protocol, path, values[path] ?? "")}</Td>
            <Td label="Default" className="text-muted">
              {valueWords(protocol, path, byDefault)}
            </Td>
            <Td wide className="max-w-prose">
              {reasonOf(protocol, path, reasons)}
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function PresetRules({ preset: { action } }: { preset: Preset }) {
  const rulesets: { [S in Stage]?: Ruleset | undefined } = action.rulesets;
  const placed = stagesByProtocol[action.protocol].flatMap((stage) => {
    const ruleset = rulesets[stage];
    return ruleset === undefined ? [] : [{ stage, ruleset }];
  });
  if (placed.length === 0) return <p className="text-muted">None: everything that keeps the limits goes through.</p>;
  return (
    <ol className="flex flex-col gap-3">
      {placed.map(({ stage, ruleset }) => (
        <li key={stage}>
          <h3 className="font-medium first-letter:uppercase">{stage}</h3>
          <ul className="flex flex-col divide-y divide-line">
            {ruleset.rules.map((rule) => (
              <li key={rule.name} className="flex flex-wrap items-start gap-2 py-1">
                <VerdictBadge verdict={verdictOf(rule.action.kind)} would={rule.state === "observe"} />
                <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
                  {rule.name}
                  <span className="block text-muted">{ruleSentence(rule)}</span>
                </span>
              </li>
            ))}
            <li className="py-1 text-muted">Otherwise {actionWords(ruleset.noneMatched.action)}.</li>
          </ul>
        </li>
      ))}
    </ol>
  );
}

/** The reason of a setting, or of the group that it is in. */
function reasonOf(protocol: Protocol, path: string, reasons: Preset["reasons"]): string {
  return reasons[path] ?? reasons[path.slice(0, path.lastIndexOf("."))] ?? settingHelp(protocol, path).help;
}

function valueWords(protocol: Protocol, path: string, text: string): string {
  if (text === "") return "none";
  const { unit } = settingHelp(protocol, path);
  const number = Number(text);
  if (!Number.isNaN(number)) return `${number.toLocaleString("en")}${unit === null ? "" : ` ${unit}`}`;
  return text
    .split("\n")
    .map((one) => optionWords(path, one))
    .join(", ");
}
