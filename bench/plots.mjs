// SVG by hand: white paper, few lines, readable in any viewer.
import { short } from "./figures.mjs";

const ink = "#1f2933", faint = "#9aa5b1", grid = "#e4e7eb";
const colours = ["#829ab1", "#2186eb", "#f0b429", "#e12d39"];
const font = 'font-family="system-ui, sans-serif" font-size="12"';

const text = (x, y, content, { anchor = "start", colour = ink, weight = "normal", size = 12 } = {}) =>
    `<text x="${x}" y="${y}" fill="${colour}" text-anchor="${anchor}" font-weight="${weight}" font-size="${size}">${content}</text>`;
const line = (x1, y1, x2, y2, colour = grid, width = 1, dash = "") =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}/>`;
const picture = (width, height, parts) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font}>\n<rect width="100%" height="100%" fill="white"/>\n${parts.join("\n")}\n</svg>\n`;
const escaped = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Each row against its goal, on a scale of ratios: to the right of the line it is better than the goal, whichever way that is. */
export function goals_plot(rows) {
    const judged = rows.filter((one) => one.goal !== undefined);
    const left = 430, right = 860, top = 54, step = 30;
    const height = top + judged.length * step + 30;
    const place = (ratio) => left + ((Math.log2(Math.min(8, Math.max(1 / 8, ratio))) + 3) / 6) * (right - left);
    const better = (one, mark) => (one.better === "higher" ? mark / one.goal : one.goal / mark);
    const parts = [text(16, 24, "How each figure stands to its goal", { weight: "bold", size: 14 })];
    for (const ratio of [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8]) {
        parts.push(line(place(ratio), top - 12, place(ratio), height - 26, ratio === 1 ? ink : grid));
        parts.push(text(place(ratio), height - 10, ratio === 1 ? "goal" : ratio < 1 ? `1/${1 / ratio}` : `${ratio} x`, { anchor: "middle", colour: faint }));
    }
    judged.forEach((one, index) => {
        const y = top + index * step + 4;
        const colour = { aim: "#27ab83", goal: "#2186eb", missed: "#e12d39", void: faint }[one.verdict];
        parts.push(text(16, y + 4, `${one.number}  ${escaped(one.what)}`));
        parts.push(line(place(1), y, place(better(one, one.figure)), y, colour, 8));
        if (one.aim !== undefined) parts.push(`<circle cx="${place(better(one, one.aim))}" cy="${y}" r="4" fill="white" stroke="${ink}"/>`);
        parts.push(text(right + 14, y + 4, `${short(one.figure)}${one.unit}${one.verdict === "void" ? " (void)" : ""}`));
    });
    parts.push(text(right + 14, 24, "circle: the aim", { colour: faint }));
    return picture(990, height, parts);
}

/** Latency by share of the requests, one panel for each rate. */
export function latency_plot(measured) {
    const width = 470, height = 330, left = 56, top = 60, bottom = 40;
    const shares = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999];
    const nines = (share) => -Math.log10(1 - share);
    const x = (share, panel) => panel * width + left + ((nines(share) - nines(0.5)) / (nines(0.9999) - nines(0.5))) * (width - left - 24);
    const all = measured.flatMap(({ at }) => Object.values(at).flatMap(({ latency_ms }) => shares.map((share) => latency_ms[share])));
    const low = Math.floor(Math.log10(Math.max(0.01, Math.min(...all)))), high = Math.ceil(Math.log10(Math.max(...all)));
    const y = (ms) => top + ((high - Math.log10(Math.max(ms, 10 ** low))) / (high - low)) * (height - top - bottom);
    const parts = [text(16, 24, "Latency with arrivals fixed in advance, in milliseconds", { weight: "bold", size: 14 })];
    ["0.5", "0.8"].forEach((rate, panel) => {
        parts.push(text(panel * width + left, 46, `at ${Number(rate) * 100} % of what each can do`, { colour: ink }));
        for (let power = low; power <= high; ++power) {
            parts.push(line(x(0.5, panel), y(10 ** power), x(0.9999, panel), y(10 ** power)));
            parts.push(text(x(0.5, panel) - 6, y(10 ** power) + 4, String(Number((10 ** power).toPrecision(1))), { anchor: "end", colour: faint }));
        }
        for (const share of [0.5, 0.9, 0.99, 0.999, 0.9999]) {
            parts.push(line(x(share, panel), top, x(share, panel), height - bottom));
            parts.push(text(x(share, panel), height - bottom + 18, `p${share * 100}`, { anchor: "middle", colour: faint }));
        }
        measured.forEach(({ at }, index) => {
            const points = shares.map((share) => `${x(share, panel).toFixed(1)},${y(at[rate].latency_ms[share]).toFixed(1)}`).join(" ");
            parts.push(`<polyline points="${points}" fill="none" stroke="${colours[index]}" stroke-width="2"/>`);
        });
    });
    measured.forEach(({ name, at }, index) => {
        const place = 30 + index * 230;
        parts.push(line(place, height + 6, place + 18, height + 6, colours[index], 3));
        parts.push(text(place + 24, height + 10, `${escaped(name)} (${short(at["0.5"].rate)}, ${short(at["0.8"].rate)}/s)`));
    });
    return picture(2 * width, height + 26, parts);
}
