# Writes the tables of Debian's R packages, and of scikit-learn, as CSV files: Rscript tables.R FOLDER SKLEARN_FOLDER
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
sklearn <- arguments[2]

table_of <- function(package, name, set = name) {
    place <- new.env()
    data(list = set, package = package, envir = place)
    get(name, place)
}
write_table <- function(table, name) {
    write.csv(table, file.path(folder, paste0(name, ".csv")), row.names = FALSE)
}

for (name in c("BostonHousing", "BreastCancer", "DNA", "Glass", "HouseVotes84", "Ionosphere", "LetterRecognition",
               "Ozone", "PimaIndiansDiabetes2", "Satellite", "Servo", "Shuttle", "Sonar", "Soybean", "Vehicle", "Vowel",
               "Zoo")) {
    write_table(table_of("mlbench", name), name)
}
for (name in c("income", "musk", "spam", "ticdata")) write_table(table_of("kernlab", name), name)
for (name in c("ames", "attrition", "biomass", "car_prices", "cells", "check_times", "concrete", "credit_data", "hpc_data",
               "lending_club", "meats", "mlc_churn", "penguins", "Sacramento", "stackoverflow", "wa_churn")) {
    write_table(table_of("modeldata", name), name)
}
write_table(table_of("modeldata", "Chicago"), "Chicago")
write_table(table_of("ggplot2", "diamonds"), "diamonds")

inputs <- read.table(gzfile(file.path(sklearn, "diabetes_data_raw.csv.gz")))
names(inputs) <- c("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
target <- read.table(gzfile(file.path(sklearn, "diabetes_target.csv.gz")))
write_table(cbind(inputs, progression = target[[1]]), "diabetes")

# For search_problems, no task of the suite.
write_table(as.data.frame(datasets::Theoph), "theophylline")
