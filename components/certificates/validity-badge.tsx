import { StateBadge } from "#components/ui/state-badge.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Validity } from "#lib/certificates/expiry.ts";

type ValidityBadgeProps = { validity: Validity; certificate: { validFrom: string; validTo: string } };

/** Whether a certificate is good now, and for how long. */
export function ValidityBadge({ validity, certificate: { validFrom, validTo } }: ValidityBadgeProps) {
  if (validity === "expired") {
    return (
      <StateBadge state="down">
        expired <Time at={validTo} form="relative" />
      </StateBadge>
    );
  }
  if (validity === "early") {
    return (
      <StateBadge state="warning">
        valid <Time at={validFrom} form="relative" />
      </StateBadge>
    );
  }
  return (
    <StateBadge state={validity === "ends" ? "warning" : "up"}>
      ends <Time at={validTo} form="relative" />
    </StateBadge>
  );
}
