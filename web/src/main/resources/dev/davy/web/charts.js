"use strict";
// The charts of an endpoint: one time axis, one cursor. Live is the dark line; what is not known is
// a gap, never a zero.
(() => {
  const place = document.querySelector("#charts");
  if (!place) return;
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const short = (value) =>
    value === 0 ? "0" : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(3));
  let data = null;

  const draw = () => {
    if (!data) return;
    const narrow = place.clientWidth < 560;
    const text = { color: ink("soft"), fontFamily: "system-ui, sans-serif", fontSize: 12 };
    const anyFailed = data.failed.some((value) => value > 0);
    const rows = [
      { name: "predictions a second", unit: "a second", lines: [["", data.traffic, "now"]] },
      { name: "failed a second", unit: "a second", lines: [["", data.failed, anyFailed ? "red" : "grey"]] },
      { name: "latency, ms", unit: "ms", lines: [["99 %", data.p99, "flame"], ["half", data.p50, "now"]] },
    ];
    const weights = [1.25, 0.6, 1.25];
    const sum = weights.reduce((a, b) => a + b);
    const gap = 36;
    const room = place.clientHeight - 30 - 3 * gap;
    let top = 22;
    const grids = weights.map((weight) => {
      const height = room * weight / sum;
      const grid = { left: 46, right: narrow ? 36 : 48, top, height };
      top += height + gap;
      return grid;
    });
    const last = data.times[data.times.length - 1] + data.step;
    // Words that would lie upon each other become one and a number; the cursor tells them all.
    const perPixel = (last - data.times[0]) / Math.max(1, place.clientWidth - 94);
    const heads = [];
    for (const mark of data.marks) {
      const head = heads[heads.length - 1];
      if (head && mark.at - head.at < 80 * perPixel) head.more++;
      else heads.push({ at: mark.at, mark, more: 0 });
    }
    const head = new Map(heads.map((each) => [each.mark, each.mark.what + (each.more ? " +" + each.more : "")]));
    const marks = data.marks.map((mark) => ({
      xAxis: mark.at,
      what: head.get(mark) || "",
      name: mark.what + " by " + mark.who + (mark.why ? ": " + mark.why : ""),
    }));
    const series = [];
    rows.forEach((row, at) => row.lines.forEach(([label, values, colour], which) => series.push({
      type: "line", name: (label ? label + ", " : "") + row.name, xAxisIndex: at, yAxisIndex: at,
      data: data.times.map((time, i) => [time, values[i]]),
      step: row.unit === "a second" ? "start" : false,
      showSymbol: false, symbol: "circle", symbolSize: 5, connectNulls: false, animation: false,
      // A value that has no neighbour would draw no line.
      ...(row.unit === "ms" ? { showSymbol: true, showAllSymbol: true, symbolSize: (v, p) => alone(values, p.dataIndex) ? 4 : 0 } : {}),
      lineStyle: { width: 1.6, color: ink(colour) }, itemStyle: { color: ink(colour) },
      areaStyle: at === 0 ? { color: ink("band"), opacity: 0.45 } : undefined,
      labelLayout: { moveOverlap: "shiftY" },
      endLabel: label ? { show: true, formatter: label, color: ink("soft"), fontSize: 12, distance: 4 } : undefined,
      markLine: which === 0 && marks.length ? {
        silent: at !== 0, symbol: "none", data: marks, animation: false,
        label: { show: at === 0, formatter: (p) => p.data.what, color: ink("blue"), fontSize: 11, distance: 2 },
        lineStyle: { color: ink("blue"), type: "dotted", width: 1.2 },
      } : undefined,
      markArea: which === 0 && data.incomplete.length ? {
        silent: true, itemStyle: { color: ink("grey"), opacity: 0.25 },
        data: data.incomplete.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
      } : undefined,
    })));
    chart.setOption({
      animation: false, textStyle: text,
      title: rows.map((row, at) => ({ text: row.name, left: 0, top: grids[at].top - 22,
        textStyle: { ...text, fontWeight: 400, fontSize: 13 } })),
      grid: grids,
      axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: ink("grey") }, label: { show: false } },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: ink("card"),
        borderColor: ink("line"), borderWidth: 1, textStyle: { color: ink("ink"), fontSize: 12 },
        formatter: (points) => {
          const time = new Date(points[0].value[0]);
          const near = data.marks.filter((mark) => Math.abs(mark.at - points[0].value[0]) < data.step);
          return [time.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
            ...points.map((point) => point.seriesName + "  " + (point.value[1] == null ? "–" : short(point.value[1]))),
            ...near.map((mark) => mark.what + " by " + mark.who + (mark.why ? ": " + mark.why : ""))].join("\n");
        },
      },
      xAxis: rows.map((_, at) => ({
        type: "time", gridIndex: at, min: data.times[0], max: last,
        axisLine: { lineStyle: { color: ink("line") } }, axisTick: { show: false }, splitLine: { show: false },
        axisLabel: { show: at === rows.length - 1, color: ink("soft"), hideOverlap: true, formatter: { hour: "{HH}:{mm}", minute: "{HH}:{mm}", day: "{d} {MMM}", second: "{HH}:{mm}:{ss}" } },
      })),
      yAxis: rows.map((row, at) => ({
        type: "value", gridIndex: at, min: 0, splitNumber: at === 1 ? 1 : 3,
        max: at === 1 && !anyFailed ? 1 : null,
        axisLabel: { color: ink("soft"), formatter: short, hideOverlap: true }, axisLine: { show: false }, axisTick: { show: false },
        splitLine: { lineStyle: { color: ink("hair") } },
      })),
      series,
    }, { notMerge: true });
  };
  const alone = (values, i) => values[i] != null && values[i - 1] == null && values[i + 1] == null;

  let asking = false, asked = 0, later = null;
  const ask = async () => {
    const wait = asked + 4000 - Date.now();
    if (asking || wait > 0) {
      if (!later) later = setTimeout(() => { later = null; ask(); }, Math.max(wait, 500));
      return;
    }
    asking = true;
    try {
      const answer = await fetch(place.dataset.series, { headers: { accept: "application/json" } });
      if (answer.ok) { data = await answer.json(); draw(); place.dataset.drawn = "yes"; }
    } catch (gone) {
      // The server stopped, or the page is leaving: the next event asks again.
    } finally {
      asking = false;
      asked = Date.now();
    }
  };
  ask();
  document.body.addEventListener("davy:new", ask);
  new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
