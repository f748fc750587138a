// What stock OHIF holds and shows, read from its own services: window.services, window.cornerstone.
// An image is named by its SOP Instance UID and its frame: "2.25.1/1".
window.ohifState = {
  // The display set of a series, as the study browser lists it; how many there are.
  displaySet(seriesInstanceUid) {
    return displaySets().find(each => each.SeriesInstanceUID === seriesInstanceUid)?.displaySetInstanceUID;
  },
  countOfDisplaySets() {
    return displaySets().length;
  },

  // Whether the active viewport shows the images again, and the segmentation of this display set over them.
  isLaidOver(id) {
    const { viewports, activeViewportId } = window.services.viewportGridService.getState();
    return shownSegmentations().has(id) && !viewports.get(activeViewportId).displaySetInstanceUIDs.includes(id);
  },

  // Whether the active viewport has the report of this display set, with a place for each of its lines.
  isOpened(id) {
    const { viewports, activeViewportId } = window.services.viewportGridService.getState();
    const report = window.services.displaySetService.getDisplaySetByUID(id);
    return (
      Boolean(activeViewport()?.getCurrentImageId()) &&
      viewports.get(activeViewportId).displaySetInstanceUIDs.includes(id) &&
      report.isLoaded &&
      report.measurements.every(each => each.loaded)
    );
  },

  // Segments over the active viewport: label, colour, and for each image they lie on which pixels are theirs.
  segments() {
    const shown = shownSegmentations();
    return window.services.segmentationService
      .getSegmentations()
      .filter(each => shown.has(each.segmentationId))
      .flatMap(segmentsOf);
  },

  // The lines of the reports that were opened, in the pixels of the image each lies on. A report that is opened while it
  // is still being loaded is taken in twice, its lines with the same identity.
  lines() {
    const lines = window.cornerstoneTools.annotation.state
      .getAllAnnotations()
      .filter(each => each.data.renderableData);
    return [...new Map(lines.map(each => [each.annotationUID, each])).values()].map(each => ({
      image: nameOf(each.metadata.referencedImageId),
      points: each.data.handles.points.map(point =>
        window.cornerstone.utilities.worldToImageCoords(each.metadata.referencedImageId, point)
      ),
    }));
  },

  // Whether something is drawn over the image in the active viewport. On a slow machine the lines can come after the
  // image, and then they wait until it is next moved or zoomed.
  isDrawnOver() {
    const viewport = activeViewport();
    if (viewport?.element.querySelector('.svg-layer text')) return true;
    viewport?.render();
    return false;
  },

  // What that is: words, and the box of each line on the screen.
  drawn() {
    const layer = activeViewport().element.querySelector('.svg-layer');
    return {
      words: [...layer.querySelectorAll('text')].map(each => [...each.children].map(line => line.textContent)),
      lines: [...layer.querySelectorAll('polyline, path')].map(boxOnScreen),
    };
  },

  // Where places of the image in the active viewport are on the screen; 0, 0 is the first pixel's outer corner.
  onScreen(places) {
    const viewport = activeViewport();
    const corner = viewport.element.getBoundingClientRect();
    return places.map(([column, row]) => {
      // The viewer counts from the middle of the first pixel.
      const place = [column - 0.5, row - 0.5];
      const world = window.cornerstone.utilities.imageToWorldCoords(viewport.getCurrentImageId(), place);
      const [x, y] = viewport.worldToCanvas(world);
      return [corner.left + x, corner.top + y];
    });
  },

  // Scroll the active viewport to an image, as the wheel would.
  scrollTo(name) {
    const viewport = activeViewport();
    const imageIndex = viewport.getImageIds().findIndex(each => nameOf(each) === name);
    return window.cornerstone.utilities.jumpToSlice(viewport.element, { imageIndex });
  },
  isAt(name) {
    return nameOf(activeViewport().getCurrentImageId()) === name;
  },
};

function displaySets() {
  return window.services?.displaySetService.getActiveDisplaySets() ?? [];
}

function activeViewport() {
  const { cornerstoneViewportService, viewportGridService } = window.services;
  return cornerstoneViewportService.getCornerstoneViewport(viewportGridService.getActiveViewportId());
}

function shownSegmentations() {
  const { segmentationService, viewportGridService } = window.services;
  const shown = segmentationService.getSegmentationRepresentations(viewportGridService.getActiveViewportId());
  return new Set(shown.map(each => each.segmentationId));
}

function nameOf(imageId) {
  const { SOPInstanceUID } = window.cornerstone.metaData.get('instance', imageId);
  return `${SOPInstanceUID}/${imageId.match(/\/frames\/(\d+)/)[1]}`;
}

function boxOnScreen(drawn) {
  const box = drawn.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
}

// The background of a LABELMAP is listed as a segment too, with the number 0; it marks nothing.
function segmentsOf(segmentation) {
  const { segmentationService, viewportGridService } = window.services;
  const viewportId = viewportGridService.getActiveViewportId();
  return Object.values(segmentation.segments)
    .filter(segment => segment.segmentIndex > 0)
    .map(({ segmentIndex, label }) => ({
      label,
      colour: segmentationService.getSegmentColor(viewportId, segmentation.segmentationId, segmentIndex),
      images: imagesWith(segmentation.representationData.Labelmap, segmentIndex),
    }));
}

// A segmentation lies in one layer, or, where its segments overlap, in several.
function imagesWith({ imageIds, labelmaps, segmentBindings }, segmentIndex) {
  const bound = segmentBindings?.[segmentIndex];
  const layer = bound ? labelmaps[bound.labelmapId].imageIds : undefined;
  const value = bound ? bound.labelValue : segmentIndex;
  return (layer ?? imageIds).map(id => marked(id, value)).filter(each => each.runs.length);
}

// Runs of the value as [first, length], counted along the rows.
function marked(imageId, value) {
  const image = window.cornerstone.cache.getImage(imageId);
  const pixels = image.voxelManager.getScalarData();
  const runs = [];
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] !== value) continue;
    const first = at;
    while (at < pixels.length && pixels[at] === value) at++;
    runs.push([first, at - first]);
  }
  return { image: nameOf(image.referencedImageId), rows: image.rows, columns: image.columns, runs };
}
