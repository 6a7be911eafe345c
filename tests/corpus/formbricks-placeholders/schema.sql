-- dialect: postgres
CREATE TABLE "Survey" (id text PRIMARY KEY, questions jsonb NOT NULL);
CREATE TABLE "SurveyLanguage" ("surveyId" text, "languageId" text, "default" boolean NOT NULL, PRIMARY KEY ("languageId", "surveyId"));
CREATE TABLE "Language" (id text PRIMARY KEY, code text NOT NULL);
