import { Badge } from "#components/ui/badge.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { presets } from "#core/policy/presets/presets.ts";

/** The proxy actions that come with the product, to begin with. */
export function PresetTable() {
  return (
    <Table caption="Presets">
      <thead>
        <tr>
          <Th>Preset</Th>
          <Th>Protocol</Th>
          <Th>Direction</Th>
          <Th>
            <span className="sr-only">Commands</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {presets.map(({ id, title, what, action }) => (
          <Row key={id}>
            <Td wide>
              <span className="inline-flex flex-wrap items-center gap-2">
                <TextLink href={`/proxy-actions/presets/${id}`} prefetch={false}>
                  {title}
                </TextLink>
                <Badge tone="inactive">read only</Badge>
              </span>
              <span className="block max-w-prose text-muted">{what}</span>
            </Td>
            <Td label="Protocol">{action.protocol.toUpperCase()}</Td>
            <Td label="Direction">{action.direction}</Td>
            <Td className="text-end">
              <LinkButton
                href={`/proxy-actions?preset=${id}`}
                size="small"
                scroll={false}
                prefetch={false}
                aria-label={`Clone preset ${title}`}
              >
                Clone
              </LinkButton>
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
