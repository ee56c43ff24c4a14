// Sums, and how they are told.

export function median(values) {
    const sorted = [...values].sort((left, right) => left - right);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** How far apart the values lie, as a share of their median. */
export function spread(values) {
    return (Math.max(...values) - Math.min(...values)) / median(values);
}

/** A reference that moves further than this says nothing. */
export const spread_max = 0.15;

/** Three digits that count, with commas between thousands: 0.0123, 1.23, 123, 12,345. */
export function short(value) {
    if (value === 0 || !Number.isFinite(value)) return String(value);
    const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
    return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * A line of the table. `better` says which side of goal and aim is the good one; `references` are the values whose spread
 * decides whether the run counts.
 */
export function row({ number, what, figure, unit = "", goal, aim, better = "higher", references = [], detail = {} }) {
    const reaches = (mark) => (better === "higher" ? figure >= mark : figure <= mark);
    const far_apart = references.length > 0 && spread(references) > spread_max;
    const verdict = far_apart ? "void" : aim !== undefined && reaches(aim) ? "aim" : goal === undefined ? "" : reaches(goal) ? "goal" : "missed";
    return { number, what, figure, unit, goal, aim, better, verdict, reference_spread: references.length ? spread(references) : undefined, detail };
}

/** Columns as wide as their widest cell; the first is text, numbers stand to the right. */
export function table(rows) {
    const sign = (one) => (one.better === "higher" ? ">=" : "<=");
    const head = ["#", "what", "figure", "goal", "aim", "verdict", "spread"];
    const cells = rows.map((one) => [
        one.number,
        one.what,
        short(one.figure) + one.unit,
        one.goal === undefined ? "" : `${sign(one)} ${short(one.goal)}`,
        one.aim === undefined ? "" : short(one.aim),
        one.verdict,
        one.reference_spread === undefined ? "" : `${Math.round(one.reference_spread * 100)} %`,
    ]);
    const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column].length)));
    const told = (line) =>
        line.map((cell, column) => (column === 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ").trimEnd();
    return [told(head), widths.map((width) => "-".repeat(width)).join("  "), ...cells.map(told)].join("\n");
}
