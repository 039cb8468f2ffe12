// The report's chart: Chart.js draws it, colours come from the tokens, the table below holds the same figures.
const canvas = document.getElementById("report-chart");
const source = document.getElementById("report-chart-data");
let chart = null;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axis(font) {
  return { stacked: true, border: { display: false }, ticks: { color: token("--text-3"), font, maxRotation: 0, precision: 0 } };
}

function draw() {
  chart?.destroy();
  const data = JSON.parse(source.textContent);
  const font = { family: "Inter, sans-serif", size: 11 };
  const bar = { borderRadius: 2, borderSkipped: false, stack: "orders", categoryPercentage: 0.82, barPercentage: 0.86, maxBarThickness: 40 };
  const datasets = data.series.map((one, at) => ({ label: one.name, data: one.values, backgroundColor: token(`--chart-${at + 1}`), ...bar }));
  const tooltip = { backgroundColor: token("--text"), titleColor: token("--surface"), bodyColor: token("--surface"), titleFont: font, bodyFont: font, displayColors: false };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart = new window.Chart(canvas, {
    type: "bar",
    data: { labels: data.labels, datasets },
    options: {
      responsive: true, maintainAspectRatio: false, animation: still ? false : { duration: 240 },
      plugins: { legend: { display: false }, tooltip },
      scales: { x: { ...axis(font), grid: { display: false } }, y: { ...axis(font), beginAtZero: true, grid: { color: token("--chart-grid") } } },
    },
  });
}

if (canvas && source && window.Chart) {
  draw();
  document.addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
