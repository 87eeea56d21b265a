// The film under the pointer: along the chart of a report, the picture of that moment from the film's sprite sheet.
// Lanes are as wide as the film is long; a sheet's piece n stands for the n-th part of it. Decoration: the contact
// sheet below shows the same pictures to everybody.
(() => {
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const tail = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0")).join(":");
    return whole < 3600 ? tail.replace(/^0/, "") : `${Math.floor(whole / 3600)}:${tail}`;
  };

  const hide = () => document.querySelectorAll(".film-chart__peek").forEach((peek) => { peek.hidden = true; });

  document.addEventListener("pointermove", (event) => {
    const lane = event.target instanceof Element && event.target.closest(".film-chart[data-sprite] dd");
    if (!lane) return hide();
    const chart = lane.closest(".film-chart");
    const peek = chart.querySelector(".film-chart__peek");
    const { sprite, count, columns, width, height, chart: seconds } = chart.dataset;
    const place = lane.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - place.left) / place.width, 0), 0.9999);
    const piece = Math.floor(share * count);
    const picture = peek.firstElementChild;
    picture.style.width = `${width}px`;
    picture.style.height = `${height}px`;
    picture.style.backgroundImage = `url(${JSON.stringify(new URL(sprite, location.href).href)})`;
    picture.style.backgroundPosition = `${-(piece % columns) * width}px ${-Math.floor(piece / columns) * height}px`;
    peek.lastElementChild.textContent = clock(share * seconds);
    peek.hidden = false;
    const left = Math.min(Math.max(event.clientX - width / 2, 4), document.documentElement.clientWidth - width - 8);
    const above = place.top - peek.offsetHeight - 6;
    peek.style.left = `${left}px`;
    peek.style.top = `${above > 0 ? above : place.bottom + 6}px`;
  });
  document.addEventListener("pointerleave", hide);
  document.addEventListener("scroll", hide, { passive: true });
})();
