// The orders chart: Chart.js draws it, colours come from the tokens, the table beside it holds the same figures.
const canvas = document.getElementById("orders-chart");
const data = JSON.parse(document.getElementById("orders-chart-data").textContent);
let chart = null;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw() {
  chart?.destroy();
  const colours = [token("--chart-1"), token("--chart-2")];
  const font = { family: "Inter, sans-serif", size: 11 };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart = new window.Chart(canvas, {
    type: "bar",
    data: { labels: data.labels, datasets: data.series.map((series, at) => ({ label: series.name, data: series.values, backgroundColor: colours[at], borderRadius: 2, borderSkipped: false, stack: "orders", categoryPercentage: 0.82, barPercentage: 0.86 })) },
    options: {
      responsive: true, maintainAspectRatio: false, animation: still ? false : { duration: 240 },
      plugins: { legend: { display: false }, tooltip: { backgroundColor: token("--text"), titleColor: token("--surface"), bodyColor: token("--surface"), titleFont: font, bodyFont: font, displayColors: false } },
      scales: {
        x: { stacked: true, grid: { display: false }, border: { display: false }, ticks: { color: token("--text-3"), font, maxRotation: 0 } },
        y: { stacked: true, beginAtZero: true, grid: { color: token("--chart-grid") }, border: { display: false }, ticks: { color: token("--text-3"), font, precision: 0, maxTicksLimit: 5 } },
      },
    },
  });
}

if (canvas && window.Chart) {
  draw();
  document.addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
