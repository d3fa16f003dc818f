"use strict";

const place = document.getElementById("document");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.url,
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
